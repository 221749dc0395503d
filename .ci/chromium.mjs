// Starts Chromium for tests and runs them. The waits are long, for slow machines.

/** The command line of each Chromium. By default, it exits when its graphics process has crashed six times. */
export const flags = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu-process-crash-limit"];

/** The longest wait for anything, in milliseconds. */
export const patience = 120_000;

/** Options for Playwright. A signal ends the test at once, and Chromium with it. */
export const options = {
  executablePath: process.env.CHROMIUM, args: flags, timeout: patience, handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false,
};

/** What `start` started last. */
export let browser;
export async function start(chromium) {
  browser = await chromium.launch(options);
}

/** Waits until a condition is true, or for the longest time. */
export async function until(condition) {
  const end = Date.now() + patience;
  while (!condition() && Date.now() < end) await new Promise((wake) => { setTimeout(wake, 50); });
}

/** Runs the tests whose names contain ONLY. If the browser itself ends, a test runs again in another one, once. */
export async function run(chromium, tests) {
  for (const [name, test] of Object.entries(tests).filter(([name]) => name.includes(process.env.ONLY ?? ""))) {
    const began = Date.now();
    const took = () => `${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`;
    try {
      await test().catch(async (error) => {
        if (browser.isConnected()) throw error;
        console.log(`AGAIN ${took()}: the browser ended: ${error.message}`);
        await start(chromium);
        await test();
      });
      console.log(`ok    ${took()}`);
    } catch (error) {
      process.exitCode = 1;
      console.log(`FAIL  ${took()}\n${error.stack}`);
    }
  }
  await browser.close();
}
