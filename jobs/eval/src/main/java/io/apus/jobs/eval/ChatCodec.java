package io.apus.jobs.eval;

import io.apus.corpus.tokenize.PromptEncoder;
import io.apus.eval.task.TextCodec;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import io.apus.schemas.spec.TokenizeSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Text to tokens and back with the tokenizer and the chat template of a model folder. */
public final class ChatCodec implements TextCodec {
    private final PromptEncoder encoder;
    private final TokenizeSpec spec;

    private ChatCodec(PromptEncoder encoder, TokenizeSpec spec) {
        this.encoder = encoder;
        this.spec = spec;
    }

    /**
     * The codec of a Hugging Face folder.
     *
     * @throws io.apus.schemas.UserError if it has no tokenizer that can be read
     */
    public static ChatCodec open(Path folder, CodecSettings settings) {
        return new ChatCodec(PromptEncoder.of(folder, settings.spec()), settings.spec());
    }

    /** The conversation in the run's chat template up to where the assistant begins; bare text where there is no template. */
    @Override
    public int[] prompt(List<Message> messages) {
        if (spec.useChatTemplate() && encoder.hasChatTemplate()) {
            return encoder.prompt(messages, null, Map.of());
        }
        List<String> texts = new ArrayList<>();
        boolean hasSystem = messages.stream().anyMatch(message -> message.role().equals(Roles.SYSTEM));
        if (spec.system() != null && !hasSystem) {
            texts.add(spec.system());
        }
        messages.forEach(message -> texts.add(message.content()));
        return encoder.plain(String.join("\n", texts));
    }

    @Override
    public int[] continuation(String text) {
        return encoder.tokenizer().ids(text);
    }

    @Override
    public String decode(int[] ids) {
        return encoder.tokenizer().decode(ids, true);
    }

    @Override
    public Set<Integer> stopIds() {
        return encoder.stopTokens();
    }
}
