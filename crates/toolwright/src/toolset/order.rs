//! The order in which tools are listed.

use crate::Tool;

/// The places of the tools, which are sorted by name, as they are listed: those that `first` names, then the others. A
/// tool of `after` stands behind the one that it names, where that is there.
pub(super) fn listed(tools: &[Tool], first: &[String], after: &[(String, String)]) -> Vec<usize> {
    let place = |name: &str| tools.binary_search_by(|tool| tool.name.as_str().cmp(name)).ok();
    let mut listed: Vec<usize> = first.iter().filter_map(|name| place(name)).collect();
    let others: Vec<usize> = (0..tools.len()).filter(|place| !listed.contains(place)).collect();
    listed.extend(others);
    for (name, before) in after {
        let (Some(tool), Some(before)) = (place(name), place(before)) else { continue };
        if tool == before {
            continue;
        }
        listed.retain(|place| *place != tool);
        let behind = listed.iter().position(|place| *place == before).map_or(listed.len(), |place| place + 1);
        listed.insert(behind, tool);
    }
    listed
}
