//! The SQL statement of a job.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{ScalarValue, plan_err};
use datafusion::dataframe::DataFrame;
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::prelude::SessionContext;
use presign::Timestamp;

use crate::function::{NAMES, register, signed_at};

/// The name of the inventory's table in a statement.
pub const TABLE: &str = "inventory";

/// A statement that returns the same rows for the inventory's files one by one as for all together.
#[derive(Clone, Debug)]
pub struct Statement(String);

/// The values of `$expires_in`, `$signed_at` and `$expires_at`.
#[derive(Clone, Copy, Debug)]
pub struct Parameters {
    pub expires_in: Duration,
    pub signed_at: Timestamp,
    pub expires_at: Timestamp,
}

impl Statement {
    /// Selects key, link and expiry of each object, without the old versions and delete markers in the inventory of a
    /// versioned bucket.
    pub async fn for_inventory(example: &Path) -> Result<Self> {
        let context = SessionContext::new();
        super::register_files(&context, example).await?;
        let table = context.table(TABLE).await?;
        let has = |column| table.schema().has_column_with_unqualified_name(column);
        let conditions = [
            ("is_latest", "is_latest"),
            ("is_delete_marker", "NOT is_delete_marker"),
        ];
        let conditions: Vec<&str> = conditions
            .into_iter()
            .filter(|(column, _)| has(column))
            .map(|(_, text)| text)
            .collect();
        let mut sql = format!(
            "SELECT key, try_presign(key, bucket, $expires_in, $signed_at) AS url, $expires_at AS expires_at FROM {TABLE}"
        );
        if !conditions.is_empty() {
            sql += &format!(" WHERE {}", conditions.join(" AND "));
        }
        Self::new(&sql, example).await
    }

    /// # Errors
    /// If a row depends on other rows (joins, aggregates, sorting, limits), or a link on other times than the job's.
    pub async fn new(sql: &str, example: &Path) -> Result<Self> {
        let context = SessionContext::new();
        register(&mut context.clone(), None)?;
        super::register_files(&context, example).await?;
        let plan = context.state().create_logical_plan(sql).await?;
        plan.apply(|node| {
            use LogicalPlan::{Filter, Projection, SubqueryAlias, TableScan};
            if !matches!(
                node,
                Filter(_) | Projection(_) | SubqueryAlias(_) | TableScan(_)
            ) {
                let what = node.display();
                return plan_err!(
                    "a job computes and filters rows one by one; unsupported: {what}"
                );
            }
            node.apply_expressions(|expression| expression.apply(check))
        })?;
        Ok(Self(sql.to_owned()))
    }

    pub fn sql(&self) -> &str {
        &self.0
    }

    pub async fn plan(
        &self,
        context: &SessionContext,
        parameters: Parameters,
    ) -> Result<DataFrame> {
        let Parameters {
            expires_in,
            signed_at: at,
            expires_at,
        } = parameters;
        let utc = Some("UTC".into());
        let values = vec![
            (
                "expires_in",
                ScalarValue::Int64(Some(i64::try_from(expires_in.as_secs())?)),
            ),
            ("signed_at", signed_at(at)),
            (
                "expires_at",
                ScalarValue::TimestampMillisecond(Some(expires_at.as_unix() * 1000), utc),
            ),
        ];
        Ok(context.sql(&self.0).await?.with_param_values(values)?)
    }
}

fn check(expression: &Expr) -> datafusion::common::Result<TreeNodeRecursion> {
    match expression {
        Expr::ScalarSubquery(_)
        | Expr::InSubquery(_)
        | Expr::Exists(_)
        | Expr::SetComparison(_) => {
            plan_err!(
                "a job computes and filters rows one by one; subqueries are unsupported: {expression}"
            )
        }
        Expr::ScalarFunction(call) if NAMES.contains(&call.name()) => {
            let given = call.args.iter().skip(2);
            let given = given.map(|argument| match argument {
                Expr::Placeholder(placeholder) => placeholder.id.as_str(),
                _ => "",
            });
            if !given.eq(["$expires_in", "$signed_at"]) {
                let name = call.name();
                return plan_err!(
                    "all links of a job must expire together: use {name}(key, bucket, $expires_in, $signed_at) instead of {expression}"
                );
            }
            Ok(TreeNodeRecursion::Continue)
        }
        _ => Ok(TreeNodeRecursion::Continue),
    }
}
