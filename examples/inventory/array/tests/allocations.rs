//! The number of allocations does not depend on the number of keys.

use arrow_array::{Array, StringArray};
use presign::{Bucket, Credentials, Presigner, Timestamp};
use presign_array::{Unsignable, presign_array};

#[test]
fn allocations_do_not_grow_with_the_rows() {
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "secret").session_token("token");
    let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
    let now = Timestamp::from_unix(1_369_353_600);
    let today = credentials.signing_key(&bucket, now).unwrap();
    let presigner = Presigner::get(&today, &bucket, "");
    let count = |rows: usize| {
        let keys = (0..rows).map(|row| (row % 5 != 0).then(|| format!("photos/{row:09}/é.jpg")));
        let keys = StringArray::from_iter(keys);
        let counted = allocation_counter::measure(|| {
            let urls = presign_array(&presigner, now, &keys, Unsignable::Fail).unwrap();
            assert_eq!(urls.null_count(), rows.div_ceil(5));
        });
        counted.count_total
    };
    let counts = [10, 1_000, 20_000].map(count);
    println!("allocations for 10, 1000 and 20000 rows: {counts:?}");
    assert!(counts.iter().all(|count| *count == counts[0] && *count > 0));
}
