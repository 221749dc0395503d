//! Prints the allocations and bytes for one W1 URL, for each way: package, way, allocations, bytes, separated by tabs.
//! A separate program, because counting slows down signing.

use allocation_counter::measure;
use presign_peers::{items, peers};

fn main() {
    for mut peer in peers::all() {
        let Ok(sign) = &mut peer.get else { continue };
        let mut once = || sign(items::KEY, &mut |url| _ = core::hint::black_box(url));
        once(); // creates what is kept between URLs
        let counted = measure(once);
        println!(
            "{}\t{}\t{}\t{}",
            peer.package, peer.way, counted.count_total, counted.bytes_total
        );
    }
}
