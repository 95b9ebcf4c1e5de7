package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;
import static io.apus.schemas.spec.Problems.orEmpty;

import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Which parameters full tuning leaves as they are, applied in the order of the options. */
@Group
public record FreezeSpec(
        @Doc("full tuning: share of the parameters to leave as they are, from the embedding upwards")
                Double freezeParametersRatio,
        @Doc("full tuning: beginnings of names of parameters to leave as they are") List<String> freezeParameters,
        @Doc("full tuning: a regular expression found in names of parameters to leave as they are")
                String freezeParametersRegex,
        @Doc("full tuning: beginnings of names of parameters to train nevertheless") List<String> trainableParameters,
        @Doc("full tuning: a regular expression found in names of parameters to train nevertheless")
                String trainableParametersRegex) {
    public FreezeSpec {
        freezeParametersRatio = orElse(freezeParametersRatio, 0.0);
        freezeParameters = orEmpty(freezeParameters);
        trainableParameters = orEmpty(trainableParameters);
        Problems problems = new Problems("tuner")
                .require(
                        freezeParametersRatio >= 0 && freezeParametersRatio <= 1,
                        "freeze_parameters_ratio",
                        "must be between 0 and 1, is " + freezeParametersRatio);
        requirePattern(problems, "freeze_parameters_regex", freezeParametersRegex);
        requirePattern(problems, "trainable_parameters_regex", trainableParametersRegex);
        problems.throwIfAny();
    }

    private static void requirePattern(Problems problems, String option, String regex) {
        if (regex != null) {
            try {
                Pattern.compile(regex);
            } catch (PatternSyntaxException e) {
                problems.require(false, option, "is no regular expression: " + e.getDescription());
            }
        }
    }

    static FreezeSpec defaults() {
        return new FreezeSpec(null, null, null, null, null);
    }

    /** Whether any option was given. */
    boolean used() {
        return !equals(defaults());
    }
}
