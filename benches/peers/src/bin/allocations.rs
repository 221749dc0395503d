//! Prints, for each way, the allocations and the bytes of one W1 URL: package, way, allocations, bytes, with tabs
//! between. In a program of its own, since counting costs time.

use allocation_counter::measure;
use presign_peers::{items, peers};

fn main() {
    for mut peer in peers::all() {
        let Ok(sign) = &mut peer.get else { continue };
        let mut once = || sign(items::KEY, &mut |url| _ = core::hint::black_box(url));
        once(); // what is made once and kept
        let counted = measure(once);
        println!(
            "{}\t{}\t{}\t{}",
            peer.package, peer.way, counted.count_total, counted.bytes_total
        );
    }
}
