//! Work on each item of a list, shared among the processors; the results stand in the order of the list.
//!
//! It does not know what the work is.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// More processors are not used: the lists are short.
const MOST: usize = 4;
/// Fewer items are not worth another thread.
const FEWEST: usize = 16;

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
    let threads = processors.min(MOST).min(items.len() / FEWEST);
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
    fn a_share_that_breaks_off_is_not_lost() {
        let items: Vec<usize> = (0..100).collect();
        let broken = std::panic::catch_unwind(|| each(&items, |n| assert_ne!(*n, 50)));
        assert!(broken.is_err());
    }
}
