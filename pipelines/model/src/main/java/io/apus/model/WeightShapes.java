package io.apus.model;

import io.apus.model.family.Family;
import io.apus.model.family.WeightMap;
import java.util.SortedMap;
import java.util.TreeMap;

/** The parameters that a config calls for: names as in Hugging Face files, shapes as libtorch holds them. */
final class WeightShapes {
    private final ModelConfig config;
    private final Family family;
    private final SortedMap<String, long[]> shapes = new TreeMap<>();

    private WeightShapes(ModelConfig config) {
        this.config = config;
        this.family = config.family();
    }

    static SortedMap<String, long[]> of(ModelConfig config) {
        WeightShapes collected = new WeightShapes(config);
        collected.ends();
        for (int layer = 0; layer < config.numHiddenLayers(); layer++) {
            collected.layer(layer);
        }
        return collected.shapes;
    }

    private void ends() {
        WeightMap names = family.weights();
        shapes.put(names.embedding() + ".weight", new long[] {config.vocabSize(), config.hiddenSize()});
        norm(names.finalNorm(), config.hiddenSize());
        if (!config.tieWordEmbeddings()) {
            shapes.put(names.head() + ".weight", new long[] {config.vocabSize(), config.hiddenSize()});
        }
    }

    private void layer(int layer) {
        WeightMap names = family.weights();
        int hidden = config.hiddenSize();
        int queries = config.numAttentionHeads() * config.headDim();
        int keys = config.numKeyValueHeads() * config.headDim();
        norm(names.inLayer(layer, names.attentionNorm()), hidden);
        norm(names.inLayer(layer, names.mlpNorm()), hidden);
        linear(names.inLayer(layer, names.query()), queries, hidden, config.queryKeyValueBias());
        linear(names.inLayer(layer, names.key()), keys, hidden, config.queryKeyValueBias());
        linear(names.inLayer(layer, names.value()), keys, hidden, config.queryKeyValueBias());
        linear(names.inLayer(layer, names.output()), hidden, queries, config.outputBias());
        if (family.queryKeyNorm()) {
            norm(names.inLayer(layer, names.queryNorm()), config.headDim());
            norm(names.inLayer(layer, names.keyNorm()), config.headDim());
        }
        linear(names.inLayer(layer, names.gate()), config.intermediateSize(), hidden, config.mlpBias());
        linear(names.inLayer(layer, names.up()), config.intermediateSize(), hidden, config.mlpBias());
        linear(names.inLayer(layer, names.down()), hidden, config.intermediateSize(), config.mlpBias());
    }

    private void norm(String name, int size) {
        shapes.put(name + ".weight", new long[] {size});
    }

    private void linear(String name, int out, int in, boolean bias) {
        shapes.put(name + ".weight", new long[] {out, in});
        if (bias) {
            shapes.put(name + ".bias", new long[] {out});
        }
    }
}
