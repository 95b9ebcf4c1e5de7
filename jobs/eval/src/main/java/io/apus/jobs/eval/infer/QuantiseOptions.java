package io.apus.jobs.eval.infer;

import io.apus.model.tuner.BaseQuantisation;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.QuantiseSpec;
import java.nio.file.Path;
import java.util.Collection;
import picocli.CommandLine.Option;

/** How the model is quantised on loading: as asked for, else as its adapters were trained. Names and defaults are ms-swift's. */
final class QuantiseOptions {
    @Option(names = "--quant_method", paramLabel = "NAME", description = "quantise on loading: bnb, hqq, eetq or fp8")
    private String quantMethod;

    @Option(names = "--quant_bits", description = "bits of a number: bnb 4 or 8; hqq 1, 2, 3, 4 or 8; eetq 8; fp8 none")
    private Integer quantBits;

    @Option(names = "--hqq_axis", description = "hqq groups along inputs (1) or outputs (0)")
    private Integer hqqAxis;

    @Option(
            names = "--bnb_4bit_compute_dtype",
            paramLabel = "NAME",
            description = "type that four-bit weights are rounded to: float32, bfloat16 or float16")
    private String computeDtype;

    @Option(names = "--bnb_4bit_quant_type", paramLabel = "NAME", description = "four-bit type: nf4 or fp4")
    private String quantType;

    @Option(
            names = "--bnb_4bit_use_double_quant",
            arity = "1",
            description = "quantise the scales of four-bit blocks too")
    private Boolean doubleQuant;

    @Option(
            names = "--load_args",
            arity = "1",
            defaultValue = "true",
            description =
                    "without --quant_method, quantise as " + BaseQuantisation.FILE
                            + " beside the adapters says that they were trained; false: load the base as it is stored (${DEFAULT-VALUE})")
    private boolean loadArgs;

    /**
     * What to do with a base for {@code adapters}, of which there may be none.
     *
     * @throws UserError if they were trained on bases that were quantised differently, and nothing was asked for
     */
    QuantiseSpec of(Collection<Path> adapters) {
        QuantiseSpec asked =
                new QuantiseSpec(quantMethod, quantBits, hqqAxis, computeDtype, quantType, doubleQuant, null);
        if (quantMethod != null || !loadArgs || adapters.isEmpty()) {
            return asked;
        }
        return BaseQuantisation.shared(adapters)
                .orElseThrow(() -> new UserError(
                        "Cannot load adapters together",
                        "they were trained on bases that were quantised differently (" + BaseQuantisation.FILE + ")",
                        "Give --quant_method and --quant_bits, or --load_args false for the base as it is stored."));
    }
}
