//! The random order, which the seed alone decides.

use fastrand::Rng;

/// The numbers below `count` in the order of one block. It depends on the seed and the names of what is ordered alone, not on what
/// has failed before or on when a run was interrupted.
pub(super) fn order(seed: u64, place: &str, block: u32, count: usize) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..count).collect();
    Rng::with_seed(mixed(seed, place, block)).shuffle(&mut numbers);
    numbers
}

/// FNV-1a over all three: neighbouring seeds and blocks shall not give similar orders.
fn mixed(seed: u64, place: &str, block: u32) -> u64 {
    let bytes = seed.to_le_bytes().into_iter().chain(place.bytes()).chain(block.to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_order_is_random_but_the_seed_gives_it_again() {
        let orders = |seed| (0..50).map(|block| order(seed, "small no-op", block, 4)).collect::<Vec<_>>();
        assert_eq!(orders(7), orders(7));
        assert_ne!(orders(7), orders(8));
        let different: BTreeSet<_> = orders(7).into_iter().collect();
        assert!(different.len() > 12, "{} of 24 orders in 50 blocks", different.len());
        for order in different {
            assert_eq!(order.iter().copied().collect::<BTreeSet<_>>(), (0..4).collect());
        }
    }

    #[test]
    fn everybody_is_first_about_as_often() {
        let mut first = [0_u32; 3];
        for block in 0..3000 {
            first[order(1, "x", block, 3)[0]] += 1;
        }
        assert!(first.iter().all(|count| (900..1100).contains(count)), "{first:?}");
    }
}
