"""Lists the calls of panics in a program, by caller: panics.py PROGRAM

Some functions of `core` check their own invariants, such as the range of an index in a substring search. If the optimizer
does not remove these checks, they are reported and allowed. A panic called by anything else is an error.
"""
import re
import subprocess
import sys

PANIC = re.compile(
    r"<(core::panicking::panic\w*|core::(option|result)::(unwrap|expect)_failed"
    r"|core::(slice|str)::[\w:]*(_fail|fail_rt|_error))[>+:<]"
)
# Functions of `core` that search and parse and may be inlined, by the function that was called.
OWN_INVARIANTS = re.compile(r"rsplit_once|split_once|::find|StrSearcher|::Split|core::net::")


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def calls(program):
    """Address, panic and function of each call."""
    function = ""
    for line in run("objdump", "-dC", "--no-show-raw-insn", program).splitlines():
        if start := re.match(r"[0-9a-f]+ <(.*)>:$", line):
            function = start[1]
        elif re.search(r"\s(call|jmp|bl?)\s", line) and (panic := PANIC.search(line)):
            yield line.split(":")[0].strip(), panic[1], function


def frames(program, address):
    """Function and position of each frame that was inlined there, the innermost first."""
    lines = run("addr2line", "-Cife", program, address).splitlines()
    return list(zip(lines[::2], lines[1::2]))


def main(program):
    in_core, found = set(), set()
    for address, panic, function in calls(program):
        if PANIC.match(f"<{function}>"):
            continue  # inside the panic itself
        chain = frames(program, address)
        crate = [at for at, (_, place) in enumerate(chain) if "/library/" not in place and place[0] != "?"]
        of_core = re.match(r"<*&?(core::|__rustc::)", function)
        if of_core and not crate:
            in_core.add(re.sub(r"::\{closure.*", "", function))
            continue
        depth = crate[0] if crate else len(chain) - 1
        called = chain[max(depth - 1, 0)][0]
        if OWN_INVARIANTS.search(" ".join(name for name, _ in chain[:depth])):
            in_core.add(called)
        else:
            found.add(f"{chain[depth][1]}: {called} calls {panic} in {function}")
    print("functions of core with checks of their own invariants:", *sorted(in_core), sep="\n  ")
    for line in sorted(found):
        print("a panic can be reached:", line)
    return 1 if found else 0


sys.exit(main(sys.argv[1]))
