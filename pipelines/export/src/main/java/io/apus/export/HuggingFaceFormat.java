package io.apus.export;

import io.apus.export.format.ExportFormat;
import io.apus.export.format.ExportSource;
import io.apus.schemas.manifest.CompanionFiles;
import io.apus.model.DecoderModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder that transformers loads: config.json, safetensors (with an index when sharded), tokenizer, generation_config.json. */
final class HuggingFaceFormat implements ExportFormat {
    @Override
    public String fileName() {
        return "hf";
    }

    @Override
    public double tolerance() {
        return 1e-6;
    }

    @Override
    public void write(ExportSource source, Path folder) throws IOException {
        Files.createDirectories(folder);
        source.model().save(folder, source.maxShardBytes());
        CompanionFiles.copy(source.tokenizerFolder(), folder);
    }

    @Override
    public DecoderModel reload(ExportSource source, Path folder) {
        return DecoderModel.load(folder);
    }
}
