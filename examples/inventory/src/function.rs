//! The SQL functions `presign` and `try_presign`.

use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use datafusion::arrow::array::{ArrayRef, AsArray, StringArray, new_null_array};
use datafusion::arrow::compute::{concat, partition};
use datafusion::arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::{Result, ScalarValue, exec_datafusion_err, exec_err, plan_err};
use datafusion::execution::FunctionRegistry;
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::simplify::{ExprSimplifyResult, SimplifyContext};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility, lit,
};
use presign::{Error, ExpiryPolicy, Presigner, Timestamp};
use presign_array::{Unsignable, presign_array};

use crate::signer::Signer;

/// The names of the functions. The second returns null for keys that cannot be signed.
pub const NAMES: [&str; 2] = ["presign", "try_presign"];

/// Registers `presign(key, bucket [, expires_in [, signed_at]])`, and `try_presign`, which returns null for keys that cannot
/// be signed. Without a signer, queries can be planned but not run.
pub fn register(registry: &mut dyn FunctionRegistry, signer: Option<&Arc<Signer>>) -> Result<()> {
    for function in functions(signer) {
        registry.register_udf(function)?;
    }
    Ok(())
}

/// The functions that [`register`] registers.
pub fn functions(signer: Option<&Arc<Signer>>) -> [Arc<ScalarUDF>; 2] {
    NAMES.map(|name| {
        Arc::new(ScalarUDF::from(Presign {
            name,
            signer: signer.cloned(),
            // Within a query, equal arguments give equal URLs. Without `signed_at`, another query gives others.
            signature: Signature::user_defined(Volatility::Stable),
        }))
    })
}

#[derive(Clone, Debug)]
struct Presign {
    name: &'static str,
    signer: Option<Arc<Signer>>,
    signature: Signature,
}

impl ScalarUDFImpl for Presign {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        use DataType::{Dictionary, Int64, LargeUtf8, Null, Timestamp, Utf8, Utf8View};
        if !(2..=4).contains(&types.len()) {
            return plan_err!(
                "{} requires key, bucket [, expires_in [, signed_at]]",
                self.name
            );
        }
        let coerced = types
            .iter()
            .enumerate()
            .map(|(position, given)| match (position, given) {
                (0 | 1, Utf8 | LargeUtf8 | Utf8View) => Ok(given.clone()),
                (0 | 1, Null) => Ok(Utf8),
                (0 | 1, Dictionary(_, value)) if value.is_string() => Ok(value.as_ref().clone()),
                (2, Null) => Ok(Int64),
                (2, integer) if integer.is_integer() => Ok(Int64),
                (3, Null | Utf8 | LargeUtf8 | Utf8View | Timestamp(..)) => {
                    Ok(Timestamp(TimeUnit::Second, Some(UTC.into())))
                }
                _ => {
                    let argument = ["key", "bucket", "expires_in", "signed_at"][position];
                    plan_err!("{}: {argument} cannot be of type {given}", self.name)
                }
            });
        coerced.collect()
    }

    /// Fixes the signing time when the query is planned, as `now()` does: all partitions sign at the same time.
    fn simplify(&self, mut args: Vec<Expr>, info: &SimplifyContext) -> Result<ExprSimplifyResult> {
        let (2 | 3, Some(now)) = (args.len(), info.query_execution_start_time()) else {
            return Ok(ExprSimplifyResult::Original(args));
        };
        if args.len() == 2 {
            args.push(lit(DEFAULT_EXPIRY));
        }
        args.push(lit(signed_at(Timestamp::from_unix(now.timestamp()))));
        let function = Arc::new(ScalarUDF::from(self.clone()));
        let call = ScalarFunction::new_udf(function, args);
        Ok(ExprSimplifyResult::Simplified(Expr::ScalarFunction(call)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let (rows, name) = (args.number_rows, self.name);
        let [keys, buckets, expires_in, signed_at] = args.args.as_slice() else {
            return exec_err!("{name}: signed_at is required, because the query was not optimized");
        };
        let (expires_in, signed_at) = match (expires_in, signed_at) {
            (
                ColumnarValue::Scalar(ScalarValue::Int64(expires_in)),
                ColumnarValue::Scalar(ScalarValue::TimestampSecond(signed_at, _)),
            ) => (expires_in, signed_at),
            _ => {
                return exec_err!("{name}: expires_in and signed_at must be the same for all rows");
            }
        };
        let (&Some(expires_in), &Some(signed_at)) = (expires_in, signed_at) else {
            return Ok(ColumnarValue::Array(new_null_array(&DataType::Utf8, rows)));
        };
        let Ok(expires_in) = u64::try_from(expires_in) else {
            return exec_err!("{name}: expires_in is negative: {expires_in}");
        };
        let run = |buckets: &ArrayRef, keys: &ArrayRef| {
            self.run(
                buckets,
                keys,
                Duration::from_secs(expires_in),
                Timestamp::from_unix(signed_at),
            )
        };

        let keys = keys.to_array(rows)?;
        let buckets = match buckets {
            ColumnarValue::Scalar(bucket) => {
                return Ok(ColumnarValue::Array(Arc::new(run(
                    &bucket.to_array()?,
                    &keys,
                )?)));
            }
            ColumnarValue::Array(buckets) => buckets,
        };
        // An inventory has one bucket, so a batch is usually one run of equal names.
        let runs = partition(std::slice::from_ref(buckets))?
            .ranges()
            .into_iter();
        let runs = runs.map(|rows| {
            let (start, length) = (rows.start, rows.len());
            let urls = run(&buckets.slice(start, 1), &keys.slice(start, length))?;
            Ok(Arc::new(urls) as ArrayRef)
        });
        let urls = runs.collect::<Result<Vec<_>>>()?;
        Ok(ColumnarValue::Array(match urls.as_slice() {
            [] => new_null_array(&DataType::Utf8, 0),
            [urls] => urls.clone(),
            runs => concat(&runs.iter().map(AsRef::as_ref).collect::<Vec<_>>())?,
        }))
    }
}

impl Presign {
    /// Signs keys of one bucket.
    fn run(
        &self,
        bucket: &ArrayRef,
        keys: &ArrayRef,
        expires_in: Duration,
        at: Timestamp,
    ) -> Result<StringArray> {
        let name = self.name;
        let Some(signer) = &self.signer else {
            return exec_err!(
                "{name}: this process has no credentials, which are never part of a plan"
            );
        };
        let bucket = ScalarValue::try_from_array(bucket, 0)?;
        let Some(bucket) = bucket.try_as_str().flatten() else {
            return Ok(StringArray::new_null(keys.len()));
        };
        let failed = |error: Error| exec_datafusion_err!("{name}: bucket {bucket:?}: {error}");
        let bucket_of_keys = signer.bucket(bucket).map_err(failed)?;
        let signing_key = signer
            .credentials
            .signing_key(&bucket_of_keys, at)
            .map_err(failed)?;
        // No link may expire earlier than requested.
        let presigner = Presigner::get(&signing_key, &bucket_of_keys, "")
            .expires_in(expires_in)
            .expiry_policy(ExpiryPolicy::Refuse);
        let unsignable = if name == "presign" {
            Unsignable::Fail
        } else {
            Unsignable::Null
        };
        match keys.data_type() {
            DataType::Utf8 => presign_array(&presigner, at, keys.as_string::<i32>(), unsignable),
            DataType::LargeUtf8 => {
                presign_array(&presigner, at, keys.as_string::<i64>(), unsignable)
            }
            _ => presign_array(&presigner, at, keys.as_string_view(), unsignable),
        }
        .map_err(|error| match error.row() {
            Some(_) => {
                exec_datafusion_err!("{name}: {error} (try_presign returns null for such keys)")
            }
            None => exec_datafusion_err!("{name}: {error}"),
        })
    }
}

impl PartialEq for Presign {
    fn eq(&self, other: &Self) -> bool {
        let same = match (&self.signer, &other.signer) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        };
        self.name == other.name && same
    }
}

impl Eq for Presign {}

impl Hash for Presign {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

/// Returns a time as the argument `signed_at`.
pub fn signed_at(at: Timestamp) -> ScalarValue {
    ScalarValue::TimestampSecond(Some(at.as_unix()), Some(UTC.into()))
}

const UTC: &str = "+00:00";

/// The crate's default.
const DEFAULT_EXPIRY: i64 = 900;
