//! Finding the parameters of least loss, by L-BFGS.

use std::cell::RefCell;

use argmin::{
    core::{CostFunction, Error, Executor, Gradient, State},
    solver::{linesearch::MoreThuenteLineSearch, quasinewton::LBFGS},
};

/// Steps back that the curvature is estimated from.
const MEMORY: usize = 8;
const STEPS: u64 = 120;

/// The parameters were not found.
#[derive(Debug, thiserror::Error)]
#[error("the fit of {what} did not come to an end: {reason}; hint: are there enough matches of this kind?")]
pub struct FitError {
    /// What was fitted.
    pub what: String,
    /// What the solver said.
    pub reason: String,
}

/// A loss with its gradient.
struct Loss<F> {
    of: F,
    /// The solver asks for loss and gradient of the same place one after the other.
    last: RefCell<Option<Known>>,
}

/// Loss and gradient of a place.
struct Known {
    place: Vec<f64>,
    loss: f64,
    gradient: Vec<f64>,
}

impl<F: Fn(&[f64]) -> (f64, Vec<f64>)> Loss<F> {
    fn at<T>(&self, place: &[f64], take: impl Fn(f64, &[f64]) -> T) -> T {
        let mut last = self.last.borrow_mut();
        if let Some(known) = last.as_ref().filter(|known| known.place == place) {
            return take(known.loss, &known.gradient);
        }
        let (loss, gradient) = (self.of)(place);
        let taken = take(loss, &gradient);
        *last = Some(Known { place: place.to_vec(), loss, gradient });
        taken
    }
}

impl<F: Fn(&[f64]) -> (f64, Vec<f64>)> CostFunction for Loss<F> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, place: &Vec<f64>) -> Result<f64, Error> {
        Ok(self.at(place, |loss, _| loss))
    }
}

impl<F: Fn(&[f64]) -> (f64, Vec<f64>)> Gradient for Loss<F> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, place: &Vec<f64>) -> Result<Vec<f64>, Error> {
        Ok(self.at(place, |_, gradient| gradient.to_vec()))
    }
}

/// The place of least loss near `start`; `of` gives loss and gradient.
pub(super) fn least(what: &str, start: Vec<f64>, of: impl Fn(&[f64]) -> (f64, Vec<f64>)) -> Result<Vec<f64>, FitError> {
    let failed = |reason: String| FitError { what: what.to_owned(), reason };
    let search = MoreThuenteLineSearch::new();
    let solver = LBFGS::new(search, MEMORY)
        .with_tolerance_grad(1e-6)
        .and_then(|solver| solver.with_tolerance_cost(1e-10))
        .map_err(|error| failed(error.to_string()))?;
    let loss = Loss { of, last: RefCell::new(None) };
    let done = Executor::new(loss, solver)
        .configure(|state| state.param(start).max_iters(STEPS))
        .run()
        .map_err(|error| failed(error.to_string()))?;
    let best = done.state().get_best_param().cloned();
    best.filter(|best| best.iter().all(|number| number.is_finite()))
        .ok_or_else(|| failed("no finite number".to_owned()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn the_bottom_of_a_valley_is_found() {
        // Rosenbrock's valley, whose bottom is at (1, 1).
        let found = least("a valley", vec![-1.2, 1.0], |at| {
            let (x, y) = (at[0], at[1]);
            let loss = (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2);
            (loss, vec![-2.0 * (1.0 - x) - 400.0 * x * (y - x * x), 200.0 * (y - x * x)])
        });
        let found = found.unwrap();
        assert!((found[0] - 1.0).abs() < 1e-3 && (found[1] - 1.0).abs() < 1e-3, "{found:?}");
    }
}
