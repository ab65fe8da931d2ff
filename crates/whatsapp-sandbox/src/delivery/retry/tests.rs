use std::time::Duration;

use http::StatusCode;

use super::{Outcome, Verdict};
use crate::access::webhook::{Policy, Retries};
use crate::clock::Timestamp;

const NOW: i64 = 1_800_000_000_000;

fn answered(status: u16, retry_after: Option<&str>) -> Outcome {
    let retry_after = retry_after.map(str::to_owned);
    Outcome::Answered { status: StatusCode::from_u16(status).unwrap(), retry_after }
}

fn judge(outcome: &Outcome, policy: Policy, attempts: u32) -> Verdict {
    let retries = Retries { attempts: 4, delay_seconds: 10, policy };
    outcome.judge(retries, attempts, Timestamp::from_unix_millis(NOW))
}

fn repeat(seconds: u64) -> Verdict {
    Verdict::Repeat { after: Duration::from_secs(seconds), asked: Duration::ZERO }
}

#[test]
fn only_what_may_pass_is_repeated() {
    for (status, passing) in [
        (301, false),
        (400, false),
        (401, false),
        (404, false),
        (408, true),
        (410, false),
        (422, false),
        (425, true),
        (429, true),
        (500, true),
        (502, true),
        (503, true),
        (599, true),
    ] {
        let expected = if passing { repeat(10) } else { Verdict::Dead };
        assert_eq!(judge(&answered(status, None), Policy::Constant, 1), expected, "{status}");
    }
    for status in [200, 201, 202, 204, 299] {
        assert_eq!(judge(&answered(status, None), Policy::Constant, 1), Verdict::Delivered, "{status}");
    }
    assert_eq!(judge(&Outcome::Unreachable(String::new()), Policy::Constant, 1), repeat(10));
    assert_eq!(judge(&Outcome::Refused(String::new()), Policy::Constant, 1), Verdict::Dead);
}

#[test]
fn the_delay_grows_as_the_policy_says_until_the_repeats_are_used_up() {
    let failed = answered(500, None);
    for (policy, seconds) in [
        (Policy::Constant, [10, 10, 10, 10]),
        (Policy::Linear, [10, 20, 30, 40]),
        (Policy::Exponential, [10, 20, 40, 80]),
    ] {
        for (attempts, seconds) in (1..).zip(seconds) {
            assert_eq!(judge(&failed, policy, attempts), repeat(seconds), "{policy:?} {attempts}");
        }
        assert_eq!(judge(&failed, policy, 5), Verdict::Dead, "{policy:?}");
    }
    let endless = Retries { attempts: 100, delay_seconds: 86_400, policy: Policy::Exponential };
    let verdict = failed.judge(endless, 99, Timestamp::from_unix_millis(NOW));
    assert_eq!(verdict, repeat(24 * 60 * 60));
}

#[test]
fn a_target_may_put_deliveries_off_for_an_hour_at_most() {
    let after = |header: &str| match judge(&answered(429, Some(header)), Policy::Constant, 1) {
        Verdict::Repeat { after, .. } => after.as_secs(),
        other => panic!("{other:?}"),
    };
    assert_eq!(after("60"), 60);
    assert_eq!(after(" 60 "), 60);
    assert_eq!(after("3"), 10, "the policy's delay is the least");
    assert_eq!(after("99999999"), 3_600);
    assert_eq!(after("soon"), 10);
    // Two minutes after the instant of the test, 2027-01-15T08:00:00Z.
    assert_eq!(after("Fri, 15 Jan 2027 08:02:00 GMT"), 120);
    assert_eq!(after("Fri, 15 Jan 2027 07:00:00 GMT"), 10);
}

#[test]
fn the_ladder_has_eight_rungs_and_repeats_redirects() {
    let ladder = |status, attempts| {
        let retries = Retries { attempts: 7, delay_seconds: 0, policy: Policy::Ladder };
        answered(status, None).judge(retries, attempts, Timestamp::from_unix_millis(NOW))
    };
    for (attempts, seconds) in (1..).zip([10, 30, 120, 600, 3_600, 21_600, 86_400]) {
        assert_eq!(ladder(500, attempts), repeat(seconds));
    }
    assert_eq!(ladder(500, 8), Verdict::Dead);
    assert_eq!(ladder(302, 1), repeat(10));
    assert_eq!(ladder(425, 1), Verdict::Dead);
    assert_eq!(ladder(404, 1), Verdict::Dead);
}
