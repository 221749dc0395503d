//! The SQL of a job.

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

/// The table that a statement selects from: the inventory.
pub const TABLE: &str = "inventory";

/// A statement that gives the same rows for an inventory's files one by one as for all at once.
#[derive(Clone, Debug)]
pub struct Statement(String);

/// What `$expires_in`, `$signed_at` and `$expires_at` stand for.
#[derive(Clone, Copy, Debug)]
pub struct Parameters {
    pub expires_in: Duration,
    pub signed_at: Timestamp,
    pub expires_at: Timestamp,
}

impl Statement {
    /// Key, link and end of each object. Old versions and delete markers, of which a versioned bucket's inventory tells,
    /// are left out.
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
    /// Where rows depend on others (joins, aggregates, sorting, limits), or links on another time than the job's.
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
                    "a job computes and filters rows one by one; it cannot do this: {what}"
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
                "a job computes and filters rows one by one, without subqueries: {expression}"
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
                    "in a job, all links end together: {name}(key, bucket, $expires_in, $signed_at), not {expression}"
                );
            }
            Ok(TreeNodeRecursion::Continue)
        }
        _ => Ok(TreeNodeRecursion::Continue),
    }
}
