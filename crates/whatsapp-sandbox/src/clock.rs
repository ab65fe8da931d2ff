//! The one source of time, and instants as they are stored and shown.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

#[cfg(test)]
mod tests;

/// Tells the time to everything in the sandbox; nothing else reads the system's clock. Clones are the same clock.
///
/// It is the clock of the system, or a manual one, which stands still until it is moved; it can be changed from one to
/// the other.
#[derive(Clone, Debug)]
pub(crate) struct Clock(Arc<AtomicI64>);

/// Stands for the clock of the system where otherwise the instant of a manual one is.
const SYSTEM: i64 = i64::MIN;

impl Clock {
    /// The clock of the system.
    pub(crate) fn system() -> Self {
        Self(Arc::new(AtomicI64::new(SYSTEM)))
    }

    /// A clock that stands at this instant.
    #[cfg(test)]
    pub(crate) fn manual(at: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(at.0)))
    }

    /// Makes it a clock that stands at this instant, or the clock of the system.
    pub(crate) fn set(&self, at: Option<Timestamp>) {
        self.0.store(at.map_or(SYSTEM, |at| at.0), Ordering::SeqCst);
    }

    /// The present instant.
    pub(crate) fn now(&self) -> Timestamp {
        self.stands_at().unwrap_or_else(|| SystemTime::now().into())
    }

    /// Where a manual clock stands; `None` for the clock of the system.
    pub(crate) fn stands_at(&self) -> Option<Timestamp> {
        let at = self.0.load(Ordering::SeqCst);
        (at != SYSTEM).then_some(Timestamp(at))
    }

    /// Whether time passes only when the clock is moved.
    pub(crate) fn is_manual(&self) -> bool {
        self.stands_at().is_some()
    }
}

/// An instant: milliseconds since 1970-01-01T00:00:00Z. [`fmt::Display`] writes ISO 8601.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub(crate) struct Timestamp(i64);

impl Timestamp {
    /// The first millisecond of the year 0000.
    const FIRST: Self = Self(-62_167_219_200_000);
    /// The last millisecond of the year 9999: ISO 8601 has four digits for the year.
    pub(crate) const LAST: Self = Self(253_402_300_799_999);

    /// The instant this many milliseconds after the epoch.
    pub(crate) fn from_unix_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Reads an instant in ISO 8601: a date, a time to the second or finer, and `Z` or an offset. What is finer than a
    /// millisecond is dropped. With its offset it must be in the years 0000 to 9999.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (date, rest) = text.trim().split_once(['T', 't', ' '])?;
        let mut date = date.splitn(3, '-');
        let (year, month, day) =
            (number(date.next()?, 4)?, number(date.next()?, 2)?, number(date.next()?, 2)?);
        let end = rest.find(['Z', 'z', '+', '-'])?;
        let (time, zone) = rest.split_at(end);
        let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
        let mut time = time.splitn(3, ':').map(|part| number(part, 2));
        let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
        let digits = fraction.bytes().all(|it| it.is_ascii_digit()) && !fraction.is_empty();
        let millis: i64 = format!("{fraction:0<3}").get(..3).filter(|_| digits)?.parse().ok()?;
        let is_time = hour < 24 && minute < 60 && second < 60;
        let days =
            day_number(year, month, day).filter(|days| is_time && civil_date(*days) == (year, month, day))?;
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset(zone)?;
        Some(Self(seconds * 1000 + millis)).filter(|it| (Self::FIRST..=Self::LAST).contains(it))
    }

    /// Whole seconds since the epoch.
    pub(crate) fn unix_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Milliseconds since the epoch.
    pub(crate) fn unix_millis(self) -> i64 {
        self.0
    }

    /// The instant this much later.
    pub(crate) fn after(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }

    /// The instant this much earlier.
    pub(crate) fn before(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }

    /// How long after `earlier` this is; zero if it is not.
    pub(crate) fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl From<SystemTime> for Timestamp {
    fn from(at: SystemTime) -> Self {
        let millis = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self(match at.duration_since(UNIX_EPOCH) {
            Ok(after) => millis(after),
            Err(before) => -millis(before.duration()),
        })
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, millis) = (self.0.div_euclid(1000), self.0.rem_euclid(1000));
        let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let (year, month, day) = civil_date(days);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(out, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
    }
}

/// The proleptic Gregorian date of a day counted from 1970-01-01. Years start in March here, so that the leap day is
/// the last of its year and every 400-year era has 146,097 days.
fn civil_date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The day of a date, counted from 1970-01-01: the other way round.
fn day_number(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = year - i64::from(month <= 2);
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let month_from_march = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

/// The seconds by which a zone is ahead.
fn offset(zone: &str) -> Option<i64> {
    let (sign, rest) = match zone.split_at_checked(1)? {
        ("Z" | "z", "") => return Some(0),
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes) = (number(hours, 2)?, number(minutes, 2)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// A number of this many digits.
fn number(text: &str, length: usize) -> Option<i64> {
    let is_number = text.len() == length && text.bytes().all(|it| it.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

impl ToSql for Timestamp {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for Timestamp {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        i64::column_result(value).map(Self)
    }
}
