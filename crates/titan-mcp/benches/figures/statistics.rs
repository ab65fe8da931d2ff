//! What is said of a series.

/// The value in the middle; zero for an empty series.
pub(crate) fn median(mut series: Vec<f64>) -> f64 {
    series.sort_by(f64::total_cmp);
    series.get(series.len() / 2).copied().unwrap_or_default()
}

/// The largest value; zero for an empty series.
pub(crate) fn worst(series: &[f64]) -> f64 {
    series.iter().copied().fold(0.0, f64::max)
}
