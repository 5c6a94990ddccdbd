//! What was found of several operations, held against each other: one of the server's is not two
//! of ours, and what is done to a thing is done where the things were listed.
//!
//! Not here: finding a single operation (`matching`).

use std::collections::BTreeMap;

use keydesk_core::contract::Finding;

use super::matching::Found;
use crate::operations::{Row, parameter, parameters};

/// What was found, with the row that it was found for; in the order of the table.
pub(super) type Findings<N> = Vec<(&'static Row<N>, Found)>;

/// Takes back what contradicts something else that was found.
pub(super) fn settle<N>(findings: &mut Findings<N>) {
    drop_doubles(findings);
    drop_strangers(findings);
}

/// Two operations of ours cannot be one of the server's. One that stands under our own path keeps
/// it; of others neither is taken for it.
fn drop_doubles<N>(findings: &mut Findings<N>) {
    let mut claims: BTreeMap<String, u32> = BTreeMap::new();
    for (row, found) in findings.iter() {
        if let Some(request) = request(row, found) {
            *claims.entry(bare(&request)).or_default() += 1;
        }
    }
    for (row, found) in findings.iter_mut() {
        let request = request(row, found).filter(|_| !is_at_home(row, found));
        let claimed = request.and_then(|request| claims.get(&bare(&request)));
        if claimed.is_some_and(|claims| *claims > 1) {
            found.finding = Finding::Missing;
        }
    }
}

/// An id means something only where it came from: a key of one list is not deleted from another,
/// and what nobody lists has no ids. Where one of the operations stands under our own path, that
/// is the place of all; otherwise it is that of the list.
fn drop_strangers<N>(findings: &mut Findings<N>) {
    let about: Vec<_> = findings
        .iter()
        .map(|(row, _)| row)
        .filter(|row| !row.about.is_empty() && takes_an_id(row))
        .map(|row| row.about)
        .collect();
    for about in about {
        let of_it = |row: &Row<N>| row.about == about;
        let mut own = findings.iter().filter(|(row, _)| of_it(row));
        let home = own.clone().find(|(row, found)| is_at_home(row, found));
        let place = home.or_else(|| own.find(|(row, _)| row.acts.contains(&"list")));
        let place = place.and_then(|(_, found)| found.thing.clone());
        for (row, found) in findings.iter_mut().filter(|(row, _)| of_it(row)) {
            let is_there = match &place {
                Some(place) => found.thing.as_ref() == Some(place),
                None => !takes_an_id(row),
            };
            if !is_there && !is_at_home(row, found) {
                found.finding = Finding::Missing;
            }
        }
    }
}

fn takes_an_id<N>(row: &Row<N>) -> bool {
    !parameters(row.path).is_empty()
}

/// Where the server has it, as far as it was found.
fn request<N>(row: &Row<N>, found: &Found) -> Option<String> {
    match &found.finding {
        Finding::Confirmed => Some(format!("{} {}", row.method, row.path)),
        Finding::FoundElsewhere { request, .. } => Some(request.clone()),
        Finding::Missing => None,
    }
}

fn is_at_home<N>(row: &Row<N>, found: &Found) -> bool {
    request(row, found).is_some_and(|request| request == format!("{} {}", row.method, row.path))
}

/// A request without the names of its parameters.
fn bare(request: &str) -> String {
    let segments = request.split('/');
    let segments = segments.map(|segment| parameter(segment).map_or(segment, |_| "{}"));
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use keydesk_core::provider::RestsOn;
    use reqwest::Method;

    use super::*;
    use crate::http::Effect;

    const fn row(label: &'static str, path: &'static str) -> Row<()> {
        Row::new(
            (),
            label,
            Method::GET,
            path,
            RestsOn::Assumed,
            Effect::Reads,
        )
    }

    static ROWS: [Row<()>; 3] = [
        row("a", "/a/{id}"),
        row("b", "/b/{name}"),
        row("c", "/c/{id}"),
    ];

    fn settled(findings: [Option<&str>; 3]) -> [bool; 3] {
        let found = |request: &str| match request {
            "" => Finding::Confirmed,
            elsewhere => Finding::FoundElsewhere {
                request: elsewhere.to_owned(),
                fields: BTreeMap::new(),
            },
        };
        let found = findings.map(|request| Found {
            finding: request.map_or(Finding::Missing, found),
            thing: None,
        });
        let mut findings: Findings<()> = ROWS.iter().zip(found).collect();
        settle(&mut findings);
        let kept = |(_, found): &(_, Found)| found.finding != Finding::Missing;
        let kept: Vec<bool> = findings.iter().map(kept).collect();
        kept.try_into().unwrap()
    }

    #[test]
    fn whoever_is_at_home_stays_and_of_guests_in_one_place_none() {
        let (home, z) = (Some(""), Some("GET /z/{id}"));
        assert_eq!(settled([home, z, None]), [true, true, false]);
        assert_eq!(
            settled([home, Some("GET /a/{name}"), None]),
            [true, false, false]
        );
        assert_eq!(
            settled([z, Some("GET /z/{name}"), home]),
            [false, false, true]
        );
    }
}
