package io.apus.export;

import static io.apus.schemas.Registry.entry;

import io.apus.export.format.ExportFormat;
import io.apus.export.gguf.GgufFormat;
import io.apus.export.gguf.GgufType;
import io.apus.schemas.Registry;
import java.util.Set;

/**
 * The formats by name.
 *
 * <p>Tolerances (mean KL, nats): the Hugging Face folder holds the same float32 numbers, so only the rounding of merging remains
 * (merged against unmerged logits differ by some 1e-5, KL by its square); f16 rounds weights by 2^-11; q8_0 by up to half of
 * max|x|/127 in each block of 32, measured as 3e-3 to 1e-2 on small random weights, the worst case.
 */
public final class ExportFormats {
    private static final Registry<ExportFormat> FORMATS = Registry.of(
            "export format",
            entry("hf", new HuggingFaceFormat()),
            entry("gguf_f32", new GgufFormat(GgufType.F32, 1e-6)),
            entry("gguf_f16", new GgufFormat(GgufType.F16, 1e-4)),
            entry("gguf_q8_0", new GgufFormat(GgufType.Q8_0, 2e-2)));

    private ExportFormats() {}

    public static ExportFormat of(String name) {
        return FORMATS.get(name);
    }

    public static Set<String> names() {
        return FORMATS.names();
    }
}
