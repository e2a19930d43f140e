//! Work shared among the processors: on each item of a list, with the results in the order of the list; or two
//! works at once.
//!
//! It does not know what the work is.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// More processors are not used: the lists are short.
const MOST: usize = 4;
/// Fewer items are not worth another thread.
const FEWEST: usize = 16;
/// How many works are done aside: each has a processor, which is not shared out again.
static ASIDE: AtomicUsize = AtomicUsize::new(0);

/// What the work gives for each item.
pub fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    each_with(items, || (), |(), item| work(item))
}

/// What the work gives for each item, with something that each thread makes for itself and uses again.
pub fn each_with<T: Sync, R: Send, S>(
    items: &[T],
    make: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &T) -> R + Sync,
) -> Vec<R> {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let free = processors.saturating_sub(ASIDE.load(Ordering::Relaxed));
    let threads = free.min(MOST).min(items.len() / FEWEST);
    if threads <= 1 {
        let mut own = make();
        return items.iter().map(|item| work(&mut own, item)).collect();
    }
    // Items differ in size, so each thread takes the next that nobody has taken.
    let next = AtomicUsize::new(0);
    let share = || {
        let mut with = make();
        let mut own = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            match items.get(at) {
                Some(item) => own.push((at, work(&mut with, item))),
                None => return own,
            }
        }
    };
    let mut all = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(share)).collect();
        let mut all = share();
        for other in others {
            // A share that broke off may not be taken for one without items.
            let own = other.join();
            all.extend(own.unwrap_or_else(|cause| std::panic::resume_unwind(cause)));
        }
        all
    });
    all.sort_unstable_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, result)| result).collect()
}

/// Does two works at once, the first of them on a thread of its own. It is the one to be waited for: the other
/// leaves it its processor.
pub fn both<A: Send, B>(aside: impl FnOnce() -> A + Send, here: impl FnOnce() -> B) -> (A, B) {
    let busy = Busy::new();
    let aside = || {
        let _busy = busy;
        aside()
    };
    thread::scope(|scope| {
        let aside = scope.spawn(aside);
        let here = here();
        let aside = aside.join();
        let aside = aside.unwrap_or_else(|cause| std::panic::resume_unwind(cause));
        (aside, here)
    })
}

/// A processor that has its work until this is dropped.
struct Busy;

impl Busy {
    fn new() -> Self {
        ASIDE.fetch_add(1, Ordering::Relaxed);
        Self
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        ASIDE.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_the_items() {
        for length in [0, 1, FEWEST * 2, 1000] {
            let items: Vec<usize> = (0..length).collect();
            let doubled: Vec<usize> = items.iter().map(|n| n * 2).collect();
            assert_eq!(each(&items, |n| n * 2), doubled);
        }
    }

    #[test]
    fn two_works_are_both_done_and_one_that_breaks_off_is_not_lost() {
        assert_eq!(both(|| 1, || 2), (1, 2));
        let broken = std::panic::catch_unwind(|| both(|| assert_ne!(50, 50), || 2));
        assert!(broken.is_err());
        let items: Vec<usize> = (0..100).collect();
        let (aside, here) = both(|| each(&items, |n| n * 2), || each(&items, |n| n * 2));
        assert_eq!(aside, here);
    }

    #[test]
    fn a_share_that_breaks_off_is_not_lost() {
        let items: Vec<usize> = (0..100).collect();
        let broken = std::panic::catch_unwind(|| each(&items, |n| assert_ne!(*n, 50)));
        assert!(broken.is_err());
    }
}
