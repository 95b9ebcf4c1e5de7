package io.apus.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.head.LinearHead;
import io.apus.model.head.Pooling;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A decoder with a head that scores: transformers' {@code *ForSequenceClassification} (a classifier, a reward model, a reranker), with
 * {@code score.weight} [labels, hiddenSize] in place of the output head; or TRL's causal model with a value head, with
 * {@code v_head.summary.*} beside it.
 */
public final class ScoredModel implements AutoCloseable {
    private final HeadConfig config;
    private final DecoderModel decoder;
    private final LinearHead head;

    private ScoredModel(HeadConfig config, DecoderModel decoder, LinearHead head) {
        this.config = config;
        this.decoder = decoder;
        this.head = head;
    }

    /** Reads a folder of either kind; all that does not fit is one {@link io.apus.schemas.UserError}. */
    public static ScoredModel load(Path folder) {
        HeadConfig config = HeadConfig.of(ModelConfig.object(folder));
        LoadedParts parts =
                WeightReader.read(folder, config.decoder(), config.layout().shapes());
        return new ScoredModel(
                config,
                new DecoderModel(config.decoder(), parts),
                LinearHead.of(config.layout(), parts.parameters()::get));
    }

    /**
     * A classifier on a causal model's folder, whose output head is left out. The score starts at normal(0, initializer_range).
     *
     * @param labels 1 for regression, a reward or a reranker
     * @param problemTypeOrNull regression, single_label_classification or multi_label_classification
     */
    public static ScoredModel classifier(Path causalFolder, int labels, String problemTypeOrNull, long seed) {
        return started(
                HeadConfig.classifier(ModelConfig.object(causalFolder), labels, problemTypeOrNull), causalFolder, seed);
    }

    /** A causal model with a value head, which starts at normal(0, initializer_range) and bias 0. */
    public static ScoredModel valued(Path causalFolder, long seed) {
        return started(HeadConfig.of(ModelConfig.object(causalFolder)), causalFolder, seed);
    }

    private static ScoredModel started(HeadConfig config, Path folder, long seed) {
        ModelConfig below = config.decoder();
        return new ScoredModel(
                config,
                new DecoderModel(below, WeightReader.read(folder, below, Map.of())),
                LinearHead.random(config.layout(), below.initializerRange(), seed));
    }

    public DecoderModel decoder() {
        return decoder;
    }

    public LinearHead head() {
        return head;
    }

    /** {@code problem_type} of config.json, or what transformers takes for it. */
    public String problemType() {
        return config.problemType();
    }

    /** Which tokens are scored: a sample's last that is no padding for a classifier, every token for a value head. */
    public Pooling pooling() {
        if (!config.isClassifier()) {
            return Pooling.every();
        }
        return decoder.config().padTokenId().isPresent()
                ? Pooling.lastExcept(decoder.config().padTokenId().getAsInt())
                : Pooling.last();
    }

    /** Moves the decoder as {@link DecoderModel#place} does, and the head, which stays float32. */
    public void place(Device device, Precision precision) {
        decoder.place(device, precision);
        head.parameters().forEach(parameter -> parameter.move(device, DType.F32));
    }

    /** Every parameter by name, the head's included. */
    public SortedMap<String, Parameter> parameters() {
        SortedMap<String, Parameter> all = new TreeMap<>(decoder.parameters());
        head.parameters().forEach(parameter -> all.put(parameter.name(), parameter));
        return Collections.unmodifiableSortedMap(all);
    }

    /** [samples, labels] of a classifier, [tokens, 1] of a value head; without a graph. */
    public Tensor scores(TokenBatch batch) {
        try (Scope scope = Scope.open()) {
            return scope.keep(
                    head.forward(pooling().pool(decoder.hidden(batch, null).to(torch.ScalarType.Float), batch)));
        }
    }

    /** Writes config.json and the weights, sharded with an index as transformers does, stored as {@code stored} (F32, F16 or BF16). */
    public void save(Path folder, long maxShardBytes, DType stored) {
        ObjectNode json = config.json().deepCopy();
        if (!config.isClassifier()) {
            json.put("tie_word_embeddings", decoder.head().tied());
        }
        WeightWriter.write(decoder, head.parameters(), json, folder, maxShardBytes, stored);
    }

    @Override
    public void close() {
        head.close();
        decoder.close();
    }
}
