//! Counting what the next ball brings.

use commentary::reading::{
    NextBall,
    next_ball::{HANDS, OUTCOMES, RATES, STAGES, Shares},
};

use super::rows::Row;

/// Balls that a cell borrows from its neighbours, and those from the whole stage.
const BORROWED: f64 = 60.0;
/// Where the steps of the required rate begin, over the usual one.
const STEPS: [f64; RATES - 1] = [0.5, 0.8, 1.1, 1.5, 2.2];

/// Tables of what followed; `whole` and `per_over` are balls of an innings and of an over.
pub(super) fn count(first: &[Row<'_>], chase: &[Row<'_>], whole: u32, usual_target: f64) -> NextBall {
    // As cricket::phase has them: middle and death begin after 36 and 90 balls of 120, 60 and 240 of 300, 25 and 80 of 100.
    let stages = match whole {
        100 => [75, 20, 5],
        120 => [84, 30, 6],
        _ => [240, 60, 6],
    };
    let mut table = NextBall { stages, rates: STEPS, setting: Vec::new(), chasing: Vec::new() };
    let mut set = vec![[0.0; OUTCOMES]; STAGES * HANDS];
    for row in first {
        add(&mut set, table.setting_row(u32::from(row.ball.left), row.ball.wickets), row);
    }
    let mut chased = vec![[0.0; OUTCOMES]; STAGES * HANDS * RATES];
    let usual = usual_target / f64::from(whole);
    for row in chase {
        let left = u32::from(row.ball.left);
        let steepness = f64::from(row.ball.needed) / f64::from(left) / usual;
        add(&mut chased, table.chasing_row(left, row.ball.wickets, steepness), row);
    }
    let by_stage = pooled(&set, |place| place / HANDS, STAGES);
    table.setting = set.iter().enumerate().map(|(place, counts)| smoothed(counts, &by_stage, place / HANDS)).collect();
    let stage = |place: usize| place / (HANDS * RATES);
    let by_rate = pooled(&chased, |place| stage(place) * RATES + place % RATES, STAGES * RATES);
    table.chasing = chased
        .iter()
        .enumerate()
        .map(|(place, counts)| smoothed(counts, &by_rate, stage(place) * RATES + place % RATES))
        .collect();
    table
}

fn add(cells: &mut [[f64; OUTCOMES]], at: usize, row: &Row<'_>) {
    if let Some(count) = cells.get_mut(at).and_then(|cell| cell.get_mut(usize::from(row.ball.outcome))) {
        *count += row.weight;
    }
}

/// Shares of groups of cells, each drawn towards all cells together.
fn pooled(cells: &[[f64; OUTCOMES]], group: impl Fn(usize) -> usize, groups: usize) -> Vec<[f64; OUTCOMES]> {
    let mut sums = vec![[0.0; OUTCOMES]; groups];
    let mut all = [1.0; OUTCOMES];
    for (place, cell) in cells.iter().enumerate() {
        for (outcome, count) in cell.iter().enumerate() {
            all[outcome] += count;
            if let Some(sum) = sums.get_mut(group(place)) {
                sum[outcome] += count;
            }
        }
    }
    let shares = normal(&all);
    sums.iter().map(|sum| normal(&drawn(sum, &shares))).collect()
}

fn drawn(counts: &[f64; OUTCOMES], towards: &[f64; OUTCOMES]) -> [f64; OUTCOMES] {
    std::array::from_fn(|outcome| counts[outcome] + BORROWED * towards[outcome])
}

fn normal(counts: &[f64; OUTCOMES]) -> [f64; OUTCOMES] {
    let sum: f64 = counts.iter().sum();
    counts.map(|count| count / sum)
}

/// A cell's shares in ten-thousandths, the largest remainders rounded up so that they add up.
fn smoothed(counts: &[f64; OUTCOMES], groups: &[[f64; OUTCOMES]], group: usize) -> Shares {
    let even = [1.0 / OUTCOMES as f64; OUTCOMES];
    let exact = normal(&drawn(counts, groups.get(group).unwrap_or(&even))).map(|share| share * 10_000.0);
    let mut shares = exact.map(|share| share.floor() as u16);
    let missing = 10_000_u16.saturating_sub(shares.iter().sum());
    let mut order: Vec<usize> = (0..OUTCOMES).collect();
    order.sort_by(|a, b| (exact[*b] - exact[*b].floor()).total_cmp(&(exact[*a] - exact[*a].floor())).then(a.cmp(b)));
    for outcome in order.into_iter().take(usize::from(missing)) {
        shares[outcome] += 1;
    }
    shares
}
