//! Points in time, in whole Unix seconds.

use core::fmt;
use core::ops::{Add, Sub};
use core::str::FromStr;
use core::time::Duration;

use time::{OffsetDateTime, UtcDateTime};

use crate::error::Error;

/// A point in time in whole seconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// Functions with a time parameter accept `impl Into<Timestamp>`: `std::time::SystemTime` (with `std`),
/// [`time::OffsetDateTime`], [`time::UtcDateTime`] or `Timestamp`. Times are rounded down to whole seconds, because
/// SigV4 has no fractions.
///
/// The types of chrono and jiff convert from and to a `SystemTime`: `sign_at(SystemTime::from(chrono_time))`, and
/// `SystemTime::from(url.expires_at()).into()`.
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use presign::Timestamp;
///
/// let signed_at = Timestamp::from_unix(1_369_353_600);
/// assert_eq!(signed_at.to_string(), "2013-05-24T00:00:00Z");
///
/// let expires_at = signed_at + Duration::from_secs(3600);
/// assert_eq!(expires_at - signed_at, Duration::from_secs(3600));
/// ```
///
/// # Range
/// Any `i64` is a valid timestamp. Signing requires a year from 1 to 9999 and otherwise returns [`Error::TimeOutOfRange`].
/// `Display` writes RFC 3339 (`2013-05-24T00:00:00Z`), or `@` and the seconds for a year outside that range.
///
/// `+` and `-` never panic: a result that does not fit becomes the nearest value. `earlier - later` is a [`Duration`]
/// of zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[doc(alias = "chrono")]
#[doc(alias = "jiff")]
pub struct Timestamp(i64);

impl Timestamp {
    /// Creates a time from seconds since 1970-01-01T00:00:00Z. Negative values are before 1970.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(presign::Timestamp::from_unix(0).to_string(), "1970-01-01T00:00:00Z");
    /// ```
    #[must_use]
    pub const fn from_unix(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Returns the seconds since 1970-01-01T00:00:00Z.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(presign::Timestamp::from_unix(86_400).as_unix(), 86_400);
    /// ```
    #[must_use]
    pub const fn as_unix(self) -> i64 {
        self.0
    }

    /// The value of `X-Amz-Date`.
    pub(crate) fn stamp(self) -> Result<Stamp, Error> {
        let (days, seconds) = self.days_and_seconds().ok_or(self.out_of_range())?;
        let date = time::Date::from_julian_day(JULIAN_DAY_OF_1970 + days);
        let (year, month, day) = date.map_err(|_| self.out_of_range())?.to_calendar_date();
        let [y0, y1] = digits((year / 100) as u8); // years 1 to 9999
        let [y2, y3] = digits((year % 100) as u8);
        let [m0, m1] = digits(u8::from(month));
        let [d0, d1] = digits(day);
        let day = Day([y0, y1, y2, y3, m0, m1, d0, d1]);
        Ok(Stamp::new(day, seconds))
    }

    /// Days since 1970, and seconds since midnight (UTC). `None` outside the years 1 to 9999.
    const fn days_and_seconds(self) -> Option<(i32, u32)> {
        if self.0 < FIRST_SECOND || self.0 > LAST_SECOND {
            return None;
        }
        // A day has 675 * 128 seconds, so a division of 32 bits is enough. A Cortex-M has no division of 64 bits, and the
        // library function for it takes up a kilobyte.
        let days = ((self.0 >> 7) as i32).div_euclid(675);
        Some((days, (self.0 - days as i64 * SECONDS_A_DAY) as u32))
    }

    /// Seconds since midnight (UTC). Zero outside the years 1 to 9999.
    pub(crate) const fn seconds_of_day(self) -> u32 {
        match self.days_and_seconds() {
            Some((_, seconds)) => seconds,
            None => 0,
        }
    }

    const fn out_of_range(self) -> Error {
        Error::TimeOutOfRange {
            unix_seconds: self.0,
        }
    }

    /// The stamp, if the time is on the day that starts at `midnight`. Faster than [`stamp`](Self::stamp).
    pub(crate) fn stamp_on(self, day: Day, midnight: Self) -> Option<Stamp> {
        let seconds = self.0.checked_sub(midnight.0)?;
        (0..SECONDS_A_DAY)
            .contains(&seconds)
            .then(|| Stamp::new(day, seconds as u32))
    }

    /// The start of this time's day (UTC).
    pub(crate) const fn midnight(self) -> Self {
        Self(self.0 - self.seconds_of_day() as i64)
    }
}

const SECONDS_A_DAY: i64 = 86_400;
/// The first second of the year 1, and the last of the year 9999.
const FIRST_SECOND: i64 = -62_135_596_800;
const LAST_SECOND: i64 = 253_402_300_799;
const JULIAN_DAY_OF_1970: i32 = 2_440_588;

/// Two decimal digits of a number below 100.
const fn digits(n: u8) -> [u8; 2] {
    [b'0' + n / 10, b'0' + n % 10]
}

/// `YYYYMMDDTHHMMSSZ`, the ISO 8601 basic form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp([u8; 16]);

impl Stamp {
    const fn new(Day([y0, y1, y2, y3, m0, m1, d0, d1]): Day, seconds: u32) -> Self {
        let [h0, h1] = digits((seconds / 3600) as u8);
        let [n0, n1] = digits((seconds / 60 % 60) as u8);
        let [s0, s1] = digits((seconds % 60) as u8);
        Self([
            y0, y1, y2, y3, m0, m1, d0, d1, b'T', h0, h1, n0, n1, s0, s1, b'Z',
        ])
    }

    /// Parses a stamp, and returns it with its time.
    pub(crate) fn parse(text: &str) -> Option<(Self, Timestamp)> {
        let stamp: [u8; 16] = text.as_bytes().try_into().ok()?;
        let [y0, y1, y2, y3, m0, m1, d0, d1, _, h0, h1, n0, n1, s0, s1, _] = stamp;
        let two = |tens: u8, ones: u8| {
            (tens.is_ascii_digit() && ones.is_ascii_digit())
                .then(|| (tens - b'0') * 10 + (ones - b'0'))
        };
        let year = i32::from(two(y0, y1)?) * 100 + i32::from(two(y2, y3)?);
        let date =
            time::Date::from_calendar_date(year, two(m0, m1)?.try_into().ok()?, two(d0, d1)?)
                .ok()?;
        let time = time::Time::from_hms(two(h0, h1)?, two(n0, n1)?, two(s0, s1)?).ok()?;
        let timestamp = Timestamp::from(UtcDateTime::new(date, time));
        // Checks what is left: the year and the two letters.
        let same = timestamp.stamp().ok().filter(|same| same.0 == stamp)?;
        Some((same, timestamp))
    }

    pub(crate) const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// `YYYYMMDD`.
    pub(crate) const fn day(&self) -> Day {
        let [y0, y1, y2, y3, m0, m1, d0, d1, ..] = self.0;
        Day([y0, y1, y2, y3, m0, m1, d0, d1])
    }
}

/// `YYYYMMDD`, the day of a credential scope.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Day([u8; 8]);

impl Day {
    /// Eight digits, not necessarily a valid day.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let day: [u8; 8] = text.as_bytes().try_into().ok()?;
        day.iter().all(u8::is_ascii_digit).then_some(Self(day))
    }

    pub(crate) const fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }

    /// The start of the next day.
    pub(crate) fn end(self) -> Option<Timestamp> {
        let [y0, y1, y2, y3, m0, m1, d0, d1] = self.0;
        let start = [
            y0, y1, y2, y3, m0, m1, d0, d1, b'T', b'0', b'0', b'0', b'0', b'0', b'0', b'Z',
        ];
        let (_, start) = Stamp::parse(core::str::from_utf8(&start).ok()?)?;
        Some(Timestamp(start.0 + SECONDS_A_DAY))
    }

    /// The eight digits as a number, for errors.
    pub(crate) fn as_number(self) -> u32 {
        self.0
            .iter()
            .fold(0, |n, digit| n * 10 + u32::from(digit - b'0'))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(Stamp(s)) = self.stamp() else {
            return write!(f, "@{}", self.0);
        };
        let [y0, y1, y2, y3, m0, m1, d0, d1, t, h0, h1, n0, n1, s0, s1, z] = s;
        let text = [
            y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, t, h0, h1, b':', n0, n1, b':', s0, s1, z,
        ];
        f.pad(core::str::from_utf8(&text).unwrap_or_default())
    }
}

/// Parses RFC 3339, with any offset. A fraction of a second is dropped.
///
/// Any other text is [`Error::InvalidTimestamp`].
///
/// # Examples
/// ```
/// use presign::{Error, Timestamp};
///
/// assert_eq!("2013-05-24T02:00:00.5+02:00".parse(), Ok(Timestamp::from_unix(1_369_353_600)));
/// assert_eq!("yesterday".parse::<Timestamp>(), Err(Error::InvalidTimestamp));
/// ```
impl FromStr for Timestamp {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let parsed = OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339);
        parsed.map(Self::from).map_err(|_| Error::InvalidTimestamp)
    }
}

/// Returns the time `duration` later. A fraction of a second is dropped; a result that does not fit becomes the maximum.
///
/// # Examples
/// See [`Timestamp`].
impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add_unsigned(duration.as_secs()))
    }
}

/// Returns the time `duration` earlier. The result is rounded down to a whole second, so subtracting half a second
/// subtracts one. A result that does not fit becomes the minimum.
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use presign::Timestamp;
///
/// let t = Timestamp::from_unix(60);
/// assert_eq!(t - Duration::from_secs(15), Timestamp::from_unix(45));
/// assert_eq!(t - Duration::from_millis(500), Timestamp::from_unix(59));
/// ```
impl Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        let fraction = i64::from(duration.subsec_nanos() > 0);
        let seconds = self.0.saturating_sub_unsigned(duration.as_secs());
        Self(seconds.saturating_sub(fraction))
    }
}

/// Returns how much later this time is than `earlier`, or zero if it is not later, like `std::time::Instant`.
///
/// # Examples
/// See [`Timestamp`].
impl Sub for Timestamp {
    type Output = Duration;

    fn sub(self, earlier: Self) -> Duration {
        let seconds = if earlier < self {
            self.0.abs_diff(earlier.0)
        } else {
            0
        };
        Duration::from_secs(seconds)
    }
}

/// Returns [`Error::TimeOutOfRange`] for a year that `time` cannot represent, before -9999 or after 9999.
///
/// # Examples
/// See [`Timestamp`].
impl TryFrom<Timestamp> for UtcDateTime {
    type Error = Error;

    fn try_from(t: Timestamp) -> Result<Self, Error> {
        Self::from_unix_timestamp(t.0).map_err(|_| t.out_of_range())
    }
}

/// Converts to UTC. Returns [`Error::TimeOutOfRange`] for a year that `time` cannot represent, before -9999 or after 9999.
///
/// # Examples
/// ```
/// let date = time::OffsetDateTime::try_from(presign::Timestamp::from_unix(1_369_353_600))?;
/// assert_eq!(date.year(), 2013);
/// # Ok::<(), presign::Error>(())
/// ```
impl TryFrom<Timestamp> for OffsetDateTime {
    type Error = Error;

    fn try_from(t: Timestamp) -> Result<Self, Error> {
        UtcDateTime::try_from(t).map(Self::from)
    }
}

impl From<UtcDateTime> for Timestamp {
    fn from(t: UtcDateTime) -> Self {
        Self(t.unix_timestamp())
    }
}

impl From<OffsetDateTime> for Timestamp {
    fn from(t: OffsetDateTime) -> Self {
        Self(t.unix_timestamp())
    }
}

#[cfg(feature = "std")]
impl From<std::time::SystemTime> for Timestamp {
    fn from(t: std::time::SystemTime) -> Self {
        match t.duration_since(std::time::UNIX_EPOCH) {
            Ok(after) => Self(i64::try_from(after.as_secs()).unwrap_or(i64::MAX)),
            Err(before) => {
                let before = before.duration();
                let whole = i64::try_from(before.as_secs()).unwrap_or(i64::MAX);
                Self(-whole - i64::from(before.subsec_nanos() > 0))
            }
        }
    }
}

/// If the platform cannot represent the time, this is the nearest time in the years 1601 to 9999, or 1970: Windows
/// starts in 1601, WebAssembly in 1970.
///
/// # Examples
/// ```
/// use std::time::{Duration, SystemTime, UNIX_EPOCH};
/// use presign::Timestamp;
///
/// let t = SystemTime::from(Timestamp::from_unix(1_369_353_600));
/// assert_eq!(t, UNIX_EPOCH + Duration::from_secs(1_369_353_600));
/// ```
#[cfg(feature = "std")]
impl From<Timestamp> for std::time::SystemTime {
    fn from(Timestamp(seconds): Timestamp) -> Self {
        let expressible = |seconds: i64| {
            let distance = Duration::from_secs(seconds.unsigned_abs());
            if seconds < 0 {
                Self::UNIX_EPOCH.checked_sub(distance)
            } else {
                Self::UNIX_EPOCH.checked_add(distance)
            }
        };
        expressible(seconds)
            .or_else(|| expressible(seconds.clamp(YEAR_1601, LAST_SECOND)))
            .unwrap_or(Self::UNIX_EPOCH)
    }
}

/// 1601-01-01T00:00:00Z.
#[cfg(feature = "std")]
const YEAR_1601: i64 = -11_644_473_600;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_saturates() {
        let (first, last) = (Timestamp(i64::MIN), Timestamp(i64::MAX));
        let seconds = Duration::from_secs;
        assert_eq!(Timestamp(-5) + seconds(7), Timestamp(2));
        assert_eq!(Timestamp(5) - seconds(7), Timestamp(-2));
        assert_eq!(first + seconds(u64::MAX), last);
        assert_eq!(last - seconds(u64::MAX), first);
        for far in [Duration::MAX, seconds(1)] {
            assert_eq!(last + far, last);
            assert_eq!(first - far, first);
        }
        assert_eq!(last - first, seconds(u64::MAX));
        assert_eq!(first - last, Duration::ZERO);
        assert_eq!(last - last, Duration::ZERO);
        assert_eq!(Timestamp(1) - Timestamp(-1), seconds(2));
    }

    #[test]
    fn fractions_are_floored() {
        let nanosecond = Duration::from_nanos(1);
        assert_eq!(Timestamp(1) + Duration::new(2, 999_999_999), Timestamp(3));
        assert_eq!(Timestamp(1) - Duration::new(2, 1), Timestamp(-2));
        assert_eq!(Timestamp(1) - nanosecond, Timestamp(0));
        assert_eq!(Timestamp(i64::MIN) - nanosecond, Timestamp(i64::MIN));
    }

    #[test]
    fn to_the_types_of_time_and_back() {
        for unix in [-62_135_596_801, -1, 0, 1_369_353_600, 253_402_300_799] {
            let t = Timestamp(unix);
            assert_eq!(UtcDateTime::try_from(t).map(Timestamp::from), Ok(t));
            assert_eq!(OffsetDateTime::try_from(t).map(Timestamp::from), Ok(t));
        }
        for unix_seconds in [i64::MIN, -377_705_116_801, 253_402_300_800, i64::MAX] {
            let error = Error::TimeOutOfRange { unix_seconds };
            assert_eq!(UtcDateTime::try_from(Timestamp(unix_seconds)), Err(error));
            assert_eq!(
                OffsetDateTime::try_from(Timestamp(unix_seconds)),
                Err(error)
            );
        }
    }

    #[cfg(feature = "std")]
    #[test]
    fn to_system_time_and_back() {
        use std::time::SystemTime;
        for unix in [YEAR_1601, -1, 0, 1, 1_369_353_600, LAST_SECOND] {
            let t = Timestamp(unix);
            assert_eq!(Timestamp::from(SystemTime::from(t)), t);
        }
        // The range depends on the platform, but conversion never goes the wrong way and never panics.
        assert!(SystemTime::from(Timestamp(i64::MAX)) >= SystemTime::from(Timestamp(LAST_SECOND)));
        assert!(SystemTime::from(Timestamp(i64::MIN)) <= SystemTime::from(Timestamp(YEAR_1601)));
    }

    #[track_caller]
    fn stamp(unix: i64) -> [u8; 16] {
        Timestamp(unix).stamp().unwrap().0
    }

    #[test]
    fn stamps() {
        assert_eq!(&stamp(1_369_353_600), b"20130524T000000Z");
        assert_eq!(&stamp(1_440_938_160), b"20150830T123600Z");
        assert_eq!(&stamp(-62_135_596_800), b"00010101T000000Z");
        assert_eq!(&stamp(253_402_300_799), b"99991231T235959Z");
        assert_eq!(
            Timestamp(1_440_938_160).stamp().unwrap().day().as_number(),
            20_150_830
        );
    }

    #[test]
    fn years_outside_1_to_9999() {
        for unix_seconds in [-62_135_596_801, 253_402_300_800, i64::MIN, i64::MAX] {
            assert_eq!(
                Timestamp(unix_seconds).stamp().err(),
                Some(Error::TimeOutOfRange { unix_seconds })
            );
        }
    }

    /// Compares with the `time` crate.
    #[test]
    fn like_time() {
        for unix in
            (FIRST_SECOND..=LAST_SECOND)
                .step_by(86_400 * 5 + 1)
                .chain([-1, 0, 1, LAST_SECOND])
        {
            let utc = UtcDateTime::from_unix_timestamp(unix).unwrap();
            let (date, time) = (utc.date(), utc.time());
            let expected = format!(
                "{:04}{:02}{:02}T{:02}{:02}{:02}Z",
                date.year(),
                u8::from(date.month()),
                date.day(),
                time.hour(),
                time.minute(),
                time.second()
            );
            assert_eq!(stamp(unix), expected.as_bytes());
            assert_eq!(
                Timestamp(unix).midnight().0,
                unix.div_euclid(86_400) * 86_400
            );
        }
    }

    #[cfg(feature = "std")]
    #[test]
    fn system_time_is_floored() {
        let epoch = std::time::UNIX_EPOCH;
        assert_eq!(
            Timestamp::from(epoch + Duration::from_millis(1999)),
            Timestamp(1)
        );
        assert_eq!(
            Timestamp::from(epoch - Duration::from_millis(1)),
            Timestamp(-1)
        );
        assert_eq!(
            Timestamp::from(epoch - Duration::from_secs(1)),
            Timestamp(-1)
        );
    }
}
