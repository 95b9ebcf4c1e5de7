package io.apus.jobs.eval.infer;

import io.apus.eval.generate.GenerationRequest;
import io.apus.eval.generate.GenerationSettings;
import io.apus.eval.generate.Generator;
import io.apus.eval.generate.StreamingText;
import io.apus.eval.task.TextCodec;
import io.apus.model.DecoderModel;
import io.apus.schemas.data.Message;
import java.util.List;
import java.util.function.Consumer;

/** A model that answers conversations. */
final class ChatModel {
    private final DecoderModel model;
    private final TextCodec codec;
    private final GenerationSettings settings;

    ChatModel(DecoderModel model, TextCodec codec, GenerationSettings settings) {
        this.model = model;
        this.codec = codec;
        this.settings = settings;
    }

    /**
     * The answer to a conversation.
     *
     * @param onText is given the text piece by piece while it is written; the pieces make up the answer
     */
    String answer(List<Message> conversation, Consumer<String> onText) {
        StreamingText text = new StreamingText(codec::decode);
        StringBuilder shown = new StringBuilder();
        Consumer<String> show = piece -> {
            shown.append(piece);
            onText.accept(piece);
        };
        GenerationRequest request = new GenerationRequest(codec.prompt(conversation), settings);
        new Generator(model).generate(List.of(request), (index, id) -> show.accept(text.accept(id)));
        show.accept(text.finish());
        return shown.toString();
    }
}
