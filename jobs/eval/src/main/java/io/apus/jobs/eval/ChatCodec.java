package io.apus.jobs.eval;

import io.apus.corpus.tokenize.PromptEncoder;
import io.apus.eval.task.TextCodec;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Text to tokens and back with the tokenizer and the chat template of a model folder. */
public final class ChatCodec implements TextCodec {
    private static final String ENABLE_THINKING = "enable_thinking";

    private final PromptEncoder encoder;
    private final CodecSettings settings;

    private ChatCodec(PromptEncoder encoder, CodecSettings settings) {
        this.encoder = encoder;
        this.settings = settings;
    }

    /**
     * The codec of a Hugging Face folder.
     *
     * @throws io.apus.schemas.UserError if it has no tokenizer that can be read
     */
    public static ChatCodec open(Path folder, CodecSettings settings) {
        return new ChatCodec(PromptEncoder.of(folder), settings);
    }

    /** The conversation in the model's chat template up to where the assistant begins; bare text where there is no template. */
    @Override
    public int[] prompt(List<Message> messages) {
        List<Message> conversation = new ArrayList<>(messages);
        boolean hasSystem = messages.stream().anyMatch(message -> message.role().equals(Roles.SYSTEM));
        if (settings.system() != null && !hasSystem) {
            conversation.add(0, new Message(Roles.SYSTEM, settings.system()));
        }
        if (!settings.useChatTemplate() || !encoder.hasChatTemplate()) {
            return encoder.plain(conversation.stream().map(Message::content).collect(Collectors.joining("\n")));
        }
        Map<String, Boolean> variables =
                settings.enableThinking() == null ? Map.of() : Map.of(ENABLE_THINKING, settings.enableThinking());
        return encoder.prompt(conversation, null, variables);
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
