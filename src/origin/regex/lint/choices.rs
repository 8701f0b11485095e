//! Choices within a label of a domain: `(www)?example\.com` admits `wwwexample.com`, which is another one's domain.
//!
//! Domains that a regex lists are its author's to know, as long as it names the labels: `example\.(com|co)` does, and
//! `example\.co(m|\.uk)` does not. What is looked for is a part of the regex that can be there or not, several times, or in
//! one of several forms, such that a domain has it, and it begins or ends in the middle of a label.

use std::{collections::BTreeSet, ops::Range};

use super::{
    hosts::{Hosts, MAX_HOSTS},
    tree::{Bytes, Kind, Number, Tree},
};

/// The first such part of a regex, and two of the domains between which it makes the difference.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub(super) part: String,
    /// Those, the shorter domain first: origins, hosts, or the domains themselves.
    pub(super) shown: [String; 2],
    /// The regex with a dot that ends the part, where that takes domains away and adds none.
    pub(super) with_dot: Option<String>,
    /// The regex with whole labels in place of the part and what is around it.
    pub(super) with_whole_labels: Option<String>,
}

impl Hosts<'_, '_> {
    /// A choice between some of the domains that are listed, with a host in each of two.
    pub(super) fn choice(&mut self, regex: &str) -> Option<Choice> {
        let listed = self.domains.values().filter(|domains| !domains.is_open());
        let domains: BTreeSet<String> = listed.flat_map(|domains| domains.names.clone()).collect();
        let mut choice = Choice::between(&domains, &self.names, regex)?;
        if self.is_shown {
            let ends = self.ends.clone();
            for domain in &mut choice.shown {
                if let Ok(Some(host)) = self.host(&ends, domain, false) {
                    *domain = host;
                }
            }
        }
        Some(choice)
    }
}

impl Choice {
    /// With an origin in place of each host for which there is an example.
    pub(super) fn shown_by(mut self, examples: impl Fn(&[String]) -> Vec<String>) -> Self {
        for host in &mut self.shown {
            let origins = examples(std::slice::from_ref(host));
            if let Some(origin) = origins.into_iter().next() {
                *host = origin;
            }
        }
        self
    }

    /// `names` are the hosts that have no domain: choices between them and domains count, those among them do not.
    pub(super) fn between(
        domains: &BTreeSet<String>,
        names: &BTreeSet<String>,
        regex: &str,
    ) -> Option<Self> {
        let count = domains.len() + names.len();
        if domains.is_empty() || !(2..=MAX_HOSTS).contains(&count) {
            return None;
        }
        let tree = Tree::of(regex)?;
        let domains = domains.iter().map(|domain| Ways::of(domain, true, &tree));
        let names = names.iter().map(|name| Ways::of(name, false, &tree));
        Choices {
            tree: &tree,
            ways: domains.chain(names).collect(),
        }
        .first()
    }
}

struct Choices<'t> {
    tree: &'t Tree<'t>,
    /// Those of each domain.
    ways: Vec<Ways<'t>>,
}

impl Choices<'_> {
    fn first(&self) -> Option<Choice> {
        let tree = self.tree;
        let mut numbers: Vec<Number> = (0..tree.nodes.len()).collect();
        // From left to right, and from the outside.
        numbers.sort_by_key(|number| {
            let span = tree.nodes.get(*number).map(|node| node.span.clone());
            span.map(|span| (span.start, usize::MAX - span.end))
        });
        numbers.into_iter().find_map(|number| {
            let [one, other] = self.domains(number)?;
            let mut domains = [one.to_owned(), other.to_owned()];
            domains.sort_by_key(String::len);
            // Parentheses belong to what is in them.
            let shown = tree.and_around(number).nth(1).filter(|around| {
                let node = tree.nodes.get(*around);
                node.is_some_and(|node| matches!(node.kind, Kind::Group(_)))
            });
            Some(Choice {
                part: tree.text_of(shown.unwrap_or(number)).to_owned(),
                shown: domains,
                with_dot: self.with_dot(number),
                with_whole_labels: self.with_whole_labels(number),
            })
        })
    }

    /// Two domains between which a choice makes the difference, within a label of the first.
    fn domains(&self, number: Number) -> Option<[&str; 2]> {
        let tree = self.tree;
        let mut part = number;
        match tree.nodes.get(number)?.kind {
            Kind::Alternation(_) => {}
            Kind::Repetition {
                part: repeated,
                min,
                max,
            } if Some(min) != max => part = repeated,
            // The letters of a class are listed. A dot among them is the end of a label, which the others are not.
            Kind::Bytes(bytes)
                if !bytes.and(Bytes::of(b".")).is_empty()
                    && !bytes.and(Bytes::LABEL).is_empty() => {}
            _ => return None,
        }
        // Most choices are before the domain or behind it.
        let mut ways = self.ways.iter();
        if !ways.any(|ways| ways.may_be_inside(number) || ways.may_be_inside(part)) {
            return None;
        }
        let taken = self.ways.iter().map(|ways| (ways, ways.forms(number)));
        let taken: Vec<_> = taken.collect();
        let mut inside = taken.iter().filter(|(ways, _)| ways.is_inside(number));
        inside.find_map(|(ways, forms)| {
            let others = taken.iter().filter(|(other, others)| {
                let differs =
                    |form: &Form<'_>| others.iter().any(|another| form.differs_from(another));
                other.domain != ways.domain && forms.iter().any(differs)
            });
            let (other, _) =
                others.min_by_key(|(other, _)| difference(ways.domain, other.domain))?;
            Some([ways.domain, other.domain])
        })
    }

    /// `(www)?example` as `(www\.)?example`, and a dot that may be left out as one that may not: part of the domains remain.
    fn with_dot(&self, number: Number) -> Option<String> {
        let tree = self.tree;
        let node = tree.nodes.get(number)?;
        let part = match node.kind {
            Kind::Bytes(_) => return tree.replaced(&node.span, r"\."),
            Kind::Repetition {
                part,
                min: 0,
                max: Some(1),
            } => part,
            _ => return None,
        };
        let inner = tree.nodes.get(part)?;
        if matches!(inner.kind, Kind::Bytes(bytes) if bytes == Bytes::of(b".")) {
            return tree.replaced(&node.span, tree.text_of(part));
        }
        let is_label = |ways: &Ways, pair: (State, State)| {
            let text = ways.text(pair).unwrap_or_default();
            pair.0 == BEGIN
                && ways.is_within_label(pair.1)
                && text.ends_with(|last: char| last.is_ascii_alphanumeric())
        };
        let mut ways = self.ways.iter();
        if !ways.all(|ways| {
            ways.pairs(part)
                .into_iter()
                .all(|pair| is_label(ways, pair))
        }) {
            return None;
        }
        let text = tree.text_of(part);
        let is_list = |inner: Number| {
            let inner = tree.nodes.get(inner);
            inner.is_none_or(|inner| matches!(inner.kind, Kind::Alternation(_)))
        };
        let with_dot = match inner.kind {
            Kind::Group(inner) if !is_list(inner) => format!(r"{}\.)", text.strip_suffix(')')?),
            _ => format!(r"({text}\.)"),
        };
        tree.replaced(&inner.span, &with_dot)
    }

    /// `(www)?example` as `(wwwexample|example)`: the least part around a choice which begins and ends with a label,
    /// written as the list of all that it stands for.
    fn with_whole_labels(&self, number: Number) -> Option<String> {
        let tree = self.tree;
        let mut child = None;
        for around in tree.and_around(number) {
            let node = tree.nodes.get(around)?;
            let parts = match &node.kind {
                Kind::Concat(parts) => self.slice(parts, child?)?,
                _ => std::slice::from_ref(&around),
            };
            child = Some(around);
            let (first, last) = (*parts.first()?, *parts.last()?);
            let begins = self.ways.iter().all(|ways| ways.begins_label(first));
            let ends = self.ways.iter().all(|ways| ways.ends_label(last));
            if !begins || !ends {
                continue;
            }
            let start = tree.nodes.get(first)?.span.start;
            let end = tree.nodes.get(last)?.span.end;
            let mut words = tree.words_of_all(parts)?;
            // No host has an empty label.
            let is_behind_label = !tree.text.get(..start)?.ends_with(['.', '/']);
            words
                .retain(|word| (is_behind_label || !word.starts_with('.')) && !word.contains(".."));
            let words: Vec<String> = words.iter().map(|word| escaped(word)).collect();
            let list = words.join("|");
            let is_list = match &node.kind {
                Kind::Alternation(_) => true,
                Kind::Concat(all) => all.len() == parts.len(),
                _ => false,
            };
            let list = if is_list { list } else { format!("({list})") };
            return tree.replaced(&(start..end), &list);
        }
        None
    }

    /// The least of what stands in a row around one part of it that begins and ends with a label; all, if that does not.
    fn slice<'p>(&self, parts: &'p [Number], within: Number) -> Option<&'p [Number]> {
        let at = parts.iter().position(|part| *part == within)?;
        let begins = |part: &Number| self.ways.iter().all(|ways| ways.begins_label(*part));
        let ends = |part: &Number| self.ways.iter().all(|ways| ways.ends_label(*part));
        let start = parts.get(..=at)?.iter().rposition(begins).unwrap_or(0);
        let end = parts.get(at..)?.iter().position(ends);
        let end = end.map_or(parts.len(), |end| at + end + 1);
        parts.get(start..end)
    }
}

/// How many bytes of two texts are neither of what both begin with nor of what both end with.
fn difference(one: &str, other: &str) -> usize {
    let pairs = one.bytes().zip(other.bytes());
    let start = pairs.take_while(|(one, other)| one == other).count();
    let left = one.bytes().skip(start).rev();
    let pairs = left.zip(other.bytes().skip(start).rev());
    let end = pairs.take_while(|(one, other)| one == other).count();
    one.len() + other.len() - 2 * (start + end)
}

fn escaped(word: &str) -> String {
    let mut escaped = String::with_capacity(word.len());
    for character in word.chars() {
        if matches!(character, '.' | '+' | '[' | ']') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

impl Tree<'_> {
    fn replaced(&self, span: &Range<usize>, by: &str) -> Option<String> {
        let before = self.text.get(..span.start)?;
        let after = self.text.get(span.end..)?;
        Some(format!("{before}{by}{after}"))
    }

    /// All the texts that a part stands for, in the order in which it names them, if they are few.
    fn words(&self, number: Number) -> Option<Vec<String>> {
        let node = self.nodes.get(number)?;
        let words = match &node.kind {
            Kind::Empty => vec![String::new()],
            Kind::Mark => return None,
            Kind::Bytes(bytes) => bytes.iter().map(String::from).collect(),
            Kind::Group(part) => self.words(*part)?,
            Kind::Concat(parts) => self.words_of_all(parts)?,
            Kind::Alternation(parts) => {
                let mut words = Vec::new();
                for part in parts {
                    words.extend(self.words(*part)?);
                }
                words
            }
            Kind::Repetition { part, min, max } => {
                let max =
                    max.filter(|max| usize::try_from(*max).is_ok_and(|max| max <= MAX_HOSTS))?;
                let mut words = Vec::new();
                for count in (*min..=max).rev() {
                    let parts: Vec<Number> = (0..count).map(|_| *part).collect();
                    words.extend(self.words_of_all(&parts)?);
                }
                words
            }
        };
        few(words)
    }

    fn words_of_all(&self, parts: &[Number]) -> Option<Vec<String>> {
        let mut words = vec![String::new()];
        for part in parts {
            let ends = self.words(*part)?;
            let starts = words.iter();
            let all = starts.flat_map(|start| ends.iter().map(move |end| format!("{start}{end}")));
            words = few(all.collect())?;
        }
        Some(words)
    }
}

fn few(words: Vec<String>) -> Option<Vec<String>> {
    let mut seen = BTreeSet::new();
    let words: Vec<String> = words
        .into_iter()
        .filter(|word| seen.insert(word.clone()))
        .collect();
    (words.len() <= MAX_HOSTS).then_some(words)
}

/// One of the forms of a choice, as a domain has it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Form<'t> {
    kind: FormKind,
    /// `None` if it is not known, since it is before the domain.
    text: Option<&'t str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum FormKind {
    Alternative(usize),
    /// Of a class: a dot, or another byte.
    Dot(bool),
    Nothing,
    Once,
    /// Several times: how often is not known.
    Often,
}

impl Form<'_> {
    fn differs_from(&self, other: &Self) -> bool {
        let is_same_text = self.text.is_some() && self.text == other.text;
        (self.kind != other.kind || self.kind == FormKind::Often) && !is_same_text
    }
}

/// How far an origin is read whose host is a domain or below it: the scheme, what is behind it, labels before the domain,
/// bytes of the domain, a dot at its end, and the port.
type State = usize;

const SCHEME: State = 0;
const COLON: State = 1;
const SLASH: State = 2;
/// A label begins, and the domain may.
const BEGIN: State = 3;
const LABEL: State = 4;

/// A set of states, of which there are nine more than a host has bytes at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct States([u64; 5]);

impl States {
    fn of(states: impl IntoIterator<Item = State>) -> Self {
        let mut set = Self::default();
        for state in states {
            if let Some(word) = set.0.get_mut(state / 64) {
                *word |= 1 << (state % 64);
            }
        }
        set
    }

    fn or(mut self, other: Self) -> Self {
        for (word, other) in self.0.iter_mut().zip(other.0) {
            *word |= other;
        }
        self
    }

    fn is_empty(self) -> bool {
        self == Self::default()
    }

    fn has(self, state: State) -> bool {
        let word = self.0.get(state / 64);
        word.is_some_and(|word| word & (1 << (state % 64)) != 0)
    }

    fn iter(self) -> impl Iterator<Item = State> {
        let words = (0_usize..).zip(self.0).filter(|(_, word)| *word != 0);
        words.flat_map(|(index, word)| {
            let bits = (0..64).filter(move |bit| word & (1_u64 << bit) != 0);
            bits.map(move |bit| index * 64 + bit)
        })
    }
}

/// All the ways in which a regex matches origins whose host is a domain or below it.
struct Ways<'t> {
    tree: &'t Tree<'t>,
    domain: &'t str,
    /// Which bytes lead to which states, and which come from which.
    ahead: Vec<Vec<(Bytes, State)>>,
    behind: Vec<Vec<(Bytes, State)>>,
    /// Where each node can be entered on a way from the start.
    starts: Vec<States>,
    /// Where each node can be left on a way to the end.
    ends: Vec<States>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Ahead,
    Behind,
}

impl<'t> Ways<'t> {
    fn of(domain: &'t str, has_subdomains: bool, tree: &'t Tree<'t>) -> Self {
        let end = LABEL + domain.len();
        let (dot, port, digits) = (end + 1, end + 2, end + 3);
        let mut edges = vec![
            (SCHEME, Bytes::LABEL, SCHEME),
            (SCHEME, Bytes::of(b"+."), SCHEME),
            (SCHEME, Bytes::of(b":"), COLON),
            (COLON, Bytes::of(b"/"), SLASH),
            (SLASH, Bytes::of(b"/"), BEGIN),
            (end, Bytes::of(b"."), dot),
            (end, Bytes::of(b":"), port),
            (dot, Bytes::of(b":"), port),
            (port, Bytes::of(b"0123456789"), digits),
            (digits, Bytes::of(b"0123456789"), digits),
        ];
        if has_subdomains {
            edges.extend([
                (BEGIN, Bytes::LABEL, LABEL),
                (LABEL, Bytes::LABEL, LABEL),
                (LABEL, Bytes::of(b"."), BEGIN),
            ]);
        }
        for (index, byte) in domain.bytes().enumerate() {
            let from = if index == 0 { BEGIN } else { LABEL + index };
            edges.push((from, Bytes::of(&[byte]), LABEL + index + 1));
        }
        let mut ways = Self {
            tree,
            domain,
            ahead: vec![Vec::new(); digits + 1],
            behind: vec![Vec::new(); digits + 1],
            starts: Vec::new(),
            ends: Vec::new(),
        };
        for (from, by, to) in edges {
            if let Some(ahead) = ways.ahead.get_mut(from) {
                ahead.push((by, to));
            }
            if let Some(behind) = ways.behind.get_mut(to) {
                behind.push((by, from));
            }
        }
        let mut starts = vec![States::default(); tree.nodes.len()];
        let mut ends = starts.clone();
        let root = tree.root();
        let last = States::of([end, dot, digits]);
        ways.walk(root, States::of([SCHEME]), Direction::Ahead, &mut starts);
        ways.walk(root, last, Direction::Behind, &mut ends);
        ways.starts = starts;
        ways.ends = ends;
        ways
    }

    /// Where a node leads. `seen`, if it is not empty, gains from where each node was gone through.
    fn walk(
        &self,
        number: Number,
        from: States,
        direction: Direction,
        seen: &mut [States],
    ) -> States {
        let Some(node) = self.tree.nodes.get(number).filter(|_| !from.is_empty()) else {
            return States::default();
        };
        if let Some(seen) = seen.get_mut(number) {
            *seen = seen.or(from);
        }
        match &node.kind {
            Kind::Empty | Kind::Mark => from,
            Kind::Bytes(bytes) => {
                let edges = match direction {
                    Direction::Ahead => &self.ahead,
                    Direction::Behind => &self.behind,
                };
                let edges = from.iter().filter_map(|from| edges.get(from)).flatten();
                let edges = edges.filter(|(by, _)| !by.and(*bytes).is_empty());
                States::of(edges.map(|(_, to)| *to))
            }
            Kind::Group(part) => self.walk(*part, from, direction, seen),
            Kind::Alternation(parts) => {
                let mut to = States::default();
                for part in parts {
                    to = to.or(self.walk(*part, from, direction, seen));
                }
                to
            }
            Kind::Concat(parts) => {
                let mut states = from;
                let mut step = |part: &Number| states = self.walk(*part, states, direction, seen);
                match direction {
                    Direction::Ahead => parts.iter().for_each(&mut step),
                    Direction::Behind => parts.iter().rev().for_each(&mut step),
                }
                states
            }
            Kind::Repetition { part, min, max } => {
                // Each time leads further in the domain, or around among few states: more times than there are states
                // lead nowhere else.
                let most = u32::try_from(self.ahead.len()).unwrap_or(u32::MAX);
                let mut states = from;
                for _ in 0..(*min).min(most) {
                    let next = self.walk(*part, states, direction, seen);
                    if next == states {
                        break;
                    }
                    states = next;
                }
                let more = max.map_or(most, |max| max - min).min(most);
                for _ in 0..more {
                    let next = states.or(self.walk(*part, states, direction, seen));
                    if next == states {
                        break;
                    }
                    states = next;
                }
                states
            }
        }
    }

    /// From where to where a node can be gone through.
    fn pairs(&self, number: Number) -> Vec<(State, State)> {
        let (Some(starts), Some(ends)) = (self.starts.get(number), self.ends.get(number)) else {
            return Vec::new();
        };
        let pairs = starts.iter().flat_map(|from| {
            let to = self.walk(number, States::of([from]), Direction::Ahead, &mut []);
            let to = to.iter().filter(|to| ends.has(*to));
            to.map(move |to| (from, to)).collect::<Vec<_>>()
        });
        pairs.collect()
    }

    /// Whether a node may begin or end in the middle of a label, by a look that costs little.
    fn may_be_inside(&self, number: Number) -> bool {
        let (Some(starts), Some(ends)) = (self.starts.get(number), self.ends.get(number)) else {
            return false;
        };
        let last = ends.iter().max();
        let mut inside = starts.iter().filter(|from| self.is_within_label(*from));
        // No way leads back.
        inside.next().is_some_and(|from| last >= Some(from))
            || ends.iter().any(|to| self.is_within_label(to))
    }

    /// Whether a choice begins or ends in the middle of a label, also if that is where it is left out.
    fn is_inside(&self, number: Number) -> bool {
        let part = match self.tree.nodes.get(number).map(|node| &node.kind) {
            // The border between two times is one.
            Some(Kind::Repetition { part, .. }) => self.pairs(*part),
            _ => Vec::new(),
        };
        let mut pairs = self.pairs(number).into_iter().chain(part);
        pairs.any(|(from, to)| self.is_within_label(from) || self.is_within_label(to))
    }

    fn is_within_label(&self, state: State) -> bool {
        let byte = |index: usize| self.domain.as_bytes().get(index);
        match state.checked_sub(LABEL) {
            None | Some(0) => false,
            Some(read) => {
                let is_letter = |byte: Option<&u8>| byte.is_some_and(|byte| *byte != b'.');
                is_letter(byte(read - 1)) && is_letter(byte(read))
            }
        }
    }

    /// Whether a node begins where no label is half read.
    fn begins_label(&self, number: Number) -> bool {
        let pairs = self.pairs(number);
        pairs.iter().all(|(from, _)| !self.is_within_label(*from))
    }

    fn ends_label(&self, number: Number) -> bool {
        let pairs = self.pairs(number);
        pairs.iter().all(|(_, to)| !self.is_within_label(*to))
    }

    /// The forms of a choice.
    fn forms(&self, number: Number) -> Vec<Form<'t>> {
        let Some(node) = self.tree.nodes.get(number) else {
            return Vec::new();
        };
        let form = |kind, pair| Form {
            kind,
            text: self.text(pair),
        };
        match &node.kind {
            Kind::Alternation(parts) => {
                let forms = parts.iter().flat_map(|part| {
                    // One that is written twice is one alternative.
                    let text = self.tree.text_of(*part);
                    let first = parts
                        .iter()
                        .position(|other| self.tree.text_of(*other) == text);
                    let kind = FormKind::Alternative(first.unwrap_or_default());
                    let pairs = self.pairs(*part).into_iter();
                    pairs.map(move |pair| form(kind, pair))
                });
                forms.collect()
            }
            Kind::Repetition { part, .. } => {
                let once = self.pairs(*part);
                let forms = self.pairs(number).into_iter().flat_map(|pair| {
                    let nothing = (pair.0 == pair.1).then_some(Form {
                        kind: FormKind::Nothing,
                        text: Some(""),
                    });
                    let is_once = once.contains(&pair);
                    let once = is_once.then(|| form(FormKind::Once, pair));
                    let often = !is_once && nothing.is_none();
                    let often = often.then(|| form(FormKind::Often, pair));
                    [nothing, once, often].into_iter().flatten()
                });
                forms.collect()
            }
            _ => {
                let forms = self.pairs(number).into_iter().map(|pair| {
                    let is_dot = pair == (LABEL, BEGIN) || self.text(pair) == Some(".");
                    form(FormKind::Dot(is_dot), pair)
                });
                forms.collect()
            }
        }
    }

    /// What a node stands for there; `None` of what may be before the domain.
    fn text(&self, (from, to): (State, State)) -> Option<&'t str> {
        let read = |state: State| match state {
            BEGIN => Some(0),
            _ => state.checked_sub(LABEL).filter(|read| *read > 0),
        };
        let (start, end) = (read(from)?, read(to)?);
        if end == 0 {
            return None;
        }
        // Behind the domain is the port.
        let end = end.min(self.domain.len());
        self.domain.get(start.min(end)..end)
    }
}
