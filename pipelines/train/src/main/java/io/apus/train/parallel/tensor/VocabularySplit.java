package io.apus.train.parallel.tensor;

import io.apus.model.DecoderModel;
import io.apus.model.layer.Cut;
import io.apus.model.layer.Embedding;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Parameter;
import io.apus.train.parallel.part.HeldParameters;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Leaves of the embedding and the output head the rows of one rank's tokens: no rank has all logits (Shoeybi et al., 2019). */
record VocabularySplit(TensorGroup group, HeldParameters held) {
    void apply(DecoderModel model) {
        // A tied weight is cut once.
        Map<Parameter, Parameter> parts = new HashMap<>();
        UnaryOperator<Parameter> rows = whole -> parts.computeIfAbsent(whole, this::part);
        Embedding embedding = model.embedding();
        if (model.stretch().embeds()) {
            embedding = embedding.withRows(rows.apply(embedding.weight()), share(embedding.weight()));
        }
        OutputHead head = model.head();
        if (model.stretch().predicts()) {
            head = head.withRows(rows, share(head.weight()));
        }
        model.replaceVocabulary(embedding, head);
        parts.keySet().forEach(Parameter::close);
    }

    private SharedVocabulary share(Parameter whole) {
        return new SharedVocabulary(whole.shape()[0], group);
    }

    private Parameter part(Parameter whole) {
        Cut own = share(whole).own();
        Parameter part = whole.part(own, 0);
        held.add(held.of(whole).rows(part, own, group.rank()));
        return part;
    }
}
