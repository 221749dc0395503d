//! Expiry.

use core::time::Duration;

use crate::credentials::Signer;
use crate::error::Error;
use crate::timestamp::Timestamp;

/// What to do if the credentials expire before the URL would. The default is [`Keep`](Self::Keep).
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use presign::{Bucket, Credentials, ExpiryPolicy, Presigner, Timestamp};
///
/// let now = Timestamp::from_unix(1_369_353_600); // from your clock
/// let in_ten_minutes = now + Duration::from_secs(600);
/// let credentials = Credentials::new("ASIAEXAMPLE", "secret").session_token("token").expiration(in_ten_minutes);
/// let bucket = Bucket::new("examplebucket", "eu-west-1")?;
///
/// let mut buffer = [0; 512];
/// let url = Presigner::get(&credentials, &bucket, "photos/duck.jpg")
///     .expires_in(Duration::from_secs(3600))
///     .expiry_policy(ExpiryPolicy::Clamp)
///     .sign_into(now, &mut buffer)?;
/// assert!(url.contains("&X-Amz-Expires=600&"));
/// # Ok::<(), presign::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExpiryPolicy {
    /// Sign the requested expiry. [`Presigner::valid_until`](crate::Presigner::valid_until) and
    /// [`PresignedUrl::expires_at`](crate::PresignedUrl::expires_at) return the earlier, actual expiry.
    #[default]
    Keep,
    /// Return [`Error::CredentialsExpireFirst`].
    Refuse,
    /// Shorten the expiry to that of the credentials.
    Clamp,
}

/// When a URL or form should expire.
#[derive(Clone, Copy)]
pub(crate) enum Expiry {
    In(Duration),
    At(Timestamp),
}

/// When a URL or form should expire, and what to do if the credentials expire earlier.
#[derive(Clone, Copy)]
pub(crate) struct Lifetime {
    pub(crate) expiry: Expiry,
    pub(crate) policy: ExpiryPolicy,
    /// The signing time is rounded down to a multiple of this.
    pub(crate) window: Option<Duration>,
}

/// A lifetime with a known start.
pub(crate) struct Times {
    pub(crate) signed_at: Timestamp,
    /// In seconds, 1 to 604800.
    pub(crate) expires: u32,
    /// The actual expiry.
    pub(crate) end: Timestamp,
}

/// The longest expiry that S3 accepts: 7 days, in seconds.
pub(crate) const MAX_EXPIRES: i64 = 604_800;

const DAY: u32 = 86_400;

impl Lifetime {
    pub(crate) const fn of(duration: Duration) -> Self {
        Self {
            expiry: Expiry::In(duration),
            policy: ExpiryPolicy::Keep,
            window: None,
        }
    }

    pub(crate) fn at(&self, now: Timestamp, signer: &Signer<'_>) -> Result<Times, Error> {
        signer.check()?;
        signer.check_expiration(now)?;
        let window = self.window.map(window).transpose()?;
        let into_window = window.and_then(|window| now.seconds_of_day().checked_rem(window));
        let into_window = into_window.map_or(0, i64::from);
        let signed_at = Timestamp::from_unix(now.as_unix().saturating_sub(into_window));
        let seconds = match self.expiry {
            Expiry::In(duration) => match duration.subsec_nanos() {
                0 => i64::try_from(duration.as_secs()).unwrap_or(i64::MAX),
                nanoseconds => return Err(Error::FractionalExpiry { nanoseconds }),
            },
            Expiry::At(end) => {
                let left = end.as_unix().saturating_sub(now.as_unix());
                if left < 1 {
                    return Err(Error::ExpiryOutOfRange { seconds: left });
                }
                left.saturating_add(into_window)
            }
        };
        if !(1..=MAX_EXPIRES).contains(&seconds) {
            return Err(Error::ExpiryOutOfRange { seconds });
        }
        if let (Some(window), Expiry::In(_)) = (window, self.expiry) {
            if seconds <= i64::from(window) {
                return Err(Error::WindowNotShorter {
                    window: window.into(),
                    expires: seconds,
                });
            }
        }
        let url_expires_at = Timestamp::from_unix(signed_at.as_unix().saturating_add(seconds));
        let (seconds, end) = match (signer.expiration(), self.policy) {
            (Some(credentials_expire_at), policy) if credentials_expire_at < url_expires_at => {
                match policy {
                    ExpiryPolicy::Keep => (seconds, credentials_expire_at),
                    ExpiryPolicy::Refuse => {
                        return Err(Error::CredentialsExpireFirst {
                            credentials_expire_at,
                            url_expires_at,
                        });
                    }
                    ExpiryPolicy::Clamp => (
                        credentials_expire_at
                            .as_unix()
                            .saturating_sub(signed_at.as_unix()),
                        credentials_expire_at,
                    ),
                }
            }
            _ => (seconds, url_expires_at),
        };
        Ok(Times {
            signed_at,
            expires: seconds as u32, // 1 to 604800
            end,
        })
    }
}

/// A window in seconds. It divides a day, so the signing time and the start of its window are on the same day and use the
/// same signing key.
fn window(duration: Duration) -> Result<u32, Error> {
    let (seconds, nanoseconds) = (duration.as_secs(), duration.subsec_nanos());
    u32::try_from(seconds)
        .ok()
        .filter(|seconds| nanoseconds == 0 && *seconds > 0 && DAY % seconds == 0)
        .ok_or(Error::InvalidWindow {
            seconds,
            nanoseconds,
        })
}
