package io.apus.export.format;

import io.apus.model.DecoderModel;
import java.nio.file.Path;

/**
 * What is exported.
 *
 * @param name the model's name, for formats that carry one
 * @param model the trained model with its adapters merged
 * @param tokenizerFolder folder with tokenizer.json and what belongs to it
 * @param maxShardBytes largest safetensors file
 */
public record ExportSource(String name, DecoderModel model, Path tokenizerFolder, long maxShardBytes) {}
