package io.apus.spark.stage;

import io.apus.corpus.tokenize.SampleEncoder;
import io.apus.corpus.tokenize.SystemPrompt;
import io.apus.schemas.spec.TokenizeSpec;
import java.io.Serializable;
import java.nio.file.Path;

/** What an executor needs to make the encoder; the tokenizer behind it is loaded once per executor. */
record EncoderSettings(String modelFolder, TokenizeSpec spec) implements Serializable {
    /** Reads the system prompt's file here, on the driver, which is the one that has it. */
    static EncoderSettings of(Path modelFolder, TokenizeSpec spec) {
        return new EncoderSettings(
                modelFolder.toAbsolutePath().toString(), spec.withSystem(SystemPrompt.text(spec.system())));
    }

    SampleEncoder encoder() {
        return SampleEncoder.of(Path.of(modelFolder), spec);
    }
}
