package io.apus.spark.stage;

import io.apus.corpus.tokenize.SampleEncoder;
import io.apus.schemas.spec.TokenizeSpec;
import java.io.Serializable;
import java.nio.file.Path;

/** What an executor needs to make the encoder; the tokenizer behind it is loaded once per executor. */
record EncoderSettings(
        String modelFolder,
        String system,
        Integer maxLength,
        String truncationStrategy,
        String lossScale,
        boolean useChatTemplate,
        Boolean enableThinking)
        implements Serializable {
    static EncoderSettings of(Path modelFolder, TokenizeSpec spec) {
        return new EncoderSettings(
                modelFolder.toAbsolutePath().toString(),
                spec.system(),
                spec.maxLength(),
                spec.truncationStrategy(),
                spec.lossScale(),
                spec.useChatTemplate(),
                spec.enableThinking());
    }

    SampleEncoder encoder() {
        return SampleEncoder.of(
                Path.of(modelFolder),
                new TokenizeSpec(system, maxLength, truncationStrategy, lossScale, useChatTemplate, enableThinking));
    }
}
