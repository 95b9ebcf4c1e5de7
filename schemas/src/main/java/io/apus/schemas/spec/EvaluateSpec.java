package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;
import static io.apus.schemas.spec.Problems.orEmpty;

import java.util.List;

/** How the trained model is measured. */
@Doc("how the trained model is measured")
public record EvaluateSpec(
        @Doc("evaluation sets by catalog name or catalog file; held-out rows are always measured")
                List<String> evalDataset,
        @Doc("most items of each set; all when not given") Integer evalLimit,
        @Doc("most tokens generated for one item") Integer maxNewTokens,
        @Doc("0 is greedy") Double temperature,
        @Doc("sample generations shown in the report") Integer reportSamples,
        @Doc(
                        "measure an adapter on the base as quant_method rounded it for training; false: on the base as it is stored, into which export merges it")
                Boolean baseAsTrained) {
    public EvaluateSpec {
        evalDataset = orEmpty(evalDataset);
        maxNewTokens = orElse(maxNewTokens, 64);
        temperature = orElse(temperature, 0.0);
        reportSamples = orElse(reportSamples, 8);
        baseAsTrained = orElse(baseAsTrained, true);
        Problems problems = new Problems("evaluate")
                .positive("max_new_tokens", maxNewTokens)
                .notNegative("temperature", temperature)
                .notNegative("report_samples", reportSamples);
        if (evalLimit != null) {
            problems.positive("eval_limit", evalLimit);
        }
        problems.throwIfAny();
    }
}
