//! A regex as an automaton that reads from the end of a text.

use regex_automata::{
    Anchored, Input, MatchKind,
    hybrid::{
        LazyStateID,
        dfa::{Cache, DFA},
    },
    nfa::thompson::NFA,
};

use crate::origin::regex::{reverse_nfa::reverse_nfa, shared_ends::SharedEnds};

/// An automaton has too many states, or a search took too many steps.
#[derive(Debug)]
pub(super) struct TooLarge;

/// An automaton that reads whole texts from the last byte to the first. Its states are made when they are needed: a DFA that
/// is built as a whole can have exponentially many, of which the product with another automaton needs few.
pub(super) struct ReverseDfa {
    dfa: DFA,
    cache: Cache,
    /// How many states were made, and the size of the cache after the last one.
    states: usize,
    bytes: usize,
}

impl ReverseDfa {
    /// The bound on the states that are made, in bytes rather than their number, because the time it takes to make a state
    /// grows with its size.
    const MAX_SIZE: usize = 1 << 19;
    /// How many states each cache begins with.
    const SENTINELS: usize = 3;

    pub(super) fn compile(regex: &str) -> Result<Self, TooLarge> {
        Self::of(reverse_nfa(regex))
    }

    /// An automaton for the patterns of all properties.
    pub(super) fn of_all<P: Copy>(
        properties: &[P],
        pattern: fn(P) -> String,
    ) -> Result<Self, TooLarge> {
        let mut ends = SharedEnds::new();
        for property in properties {
            let pattern = pattern(*property);
            let nfa = reverse_nfa(&format!(r"\A(?:{pattern})\z"));
            ends.add(&nfa.ok_or(TooLarge)?).ok_or(TooLarge)?;
        }
        Self::of(ends.build())
    }

    fn of(nfa: Option<NFA>) -> Result<Self, TooLarge> {
        let dfa = DFA::builder()
            .configure(
                DFA::config()
                    // Every match counts, not only the one that a search would prefer.
                    .match_kind(MatchKind::All)
                    // Origins are ASCII, where Unicode and ASCII word boundaries are the same.
                    .unicode_word_boundary(true)
                    // The cache would count bytes of pointers, and which regexes are refused must not depend on the
                    // width of a pointer. So `count_state` keeps the bound, and this one is out of reach.
                    .cache_capacity(2 * Self::MAX_SIZE)
                    .skip_cache_capacity_check(true)
                    .minimum_cache_clear_count(Some(0)),
            )
            .build_from_nfa(nfa.ok_or(TooLarge)?)
            .map_err(|_| TooLarge)?;
        let cache = dfa.create_cache();
        Ok(Self {
            bytes: cache.memory_usage(),
            states: Self::SENTINELS,
            dfa,
            cache,
        })
    }

    pub(super) fn start(&mut self) -> Result<LazyStateID, TooLarge> {
        let after_the_last_byte = Input::new("").anchored(Anchored::Yes);
        let start = self
            .dfa
            .start_state_reverse(&mut self.cache, &after_the_last_byte)
            .map_err(|_| TooLarge)?;
        self.count_state()?;
        Ok(start)
    }

    /// The state after one more byte; `None` if no text that ends like this matches.
    pub(super) fn next(
        &mut self,
        state: LazyStateID,
        byte: u8,
    ) -> Result<Option<LazyStateID>, TooLarge> {
        let next = self
            .dfa
            .next_state(&mut self.cache, state, byte)
            .map_err(|_| TooLarge)?;
        self.count_state()?;
        Ok((!next.is_dead()).then_some(next))
    }

    /// The numbers of the patterns that match, if what was read is the whole text.
    pub(super) fn matches(&mut self, state: LazyStateID) -> Result<Vec<usize>, TooLarge> {
        let end = self
            .dfa
            .next_eoi_state(&mut self.cache, state)
            .map_err(|_| TooLarge)?;
        self.count_state()?;
        if !end.is_match() {
            return Ok(Vec::new());
        }
        let mut numbers = Vec::new();
        for index in 0..self.dfa.match_len(&self.cache, end) {
            numbers.push(self.dfa.match_pattern(&self.cache, end, index).as_usize());
        }
        Ok(numbers)
    }

    /// Counts the state that the last step may have made. The cache does not say how many it has; it grows if one was made.
    fn count_state(&mut self) -> Result<(), TooLarge> {
        let bytes = self.cache.memory_usage();
        if bytes > self.bytes {
            self.bytes = bytes;
            self.states += 1;
        }
        if self.spent() > Self::MAX_SIZE {
            return Err(TooLarge);
        }
        Ok(())
    }

    /// The size of the states that were made, in bytes, as if pointers had 64 bits. The cache has two fat pointers for each
    /// state, and the difference to 64 bits is added for these.
    pub(super) fn spent(&self) -> usize {
        const FAT_POINTER: usize = 16;
        self.bytes + self.states * 2 * FAT_POINTER.saturating_sub(size_of::<&[u8]>())
    }

    pub(super) fn class_of(&self, byte: u8) -> u8 {
        self.dfa.byte_classes().get(byte)
    }
}
