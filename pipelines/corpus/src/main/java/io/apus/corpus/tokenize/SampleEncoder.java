package io.apus.corpus.tokenize;

import io.apus.corpus.sample.SampleJson;
import io.apus.corpus.template.ChatTemplate;
import io.apus.corpus.template.Rendered;
import io.apus.corpus.template.SpecialTokens;
import io.apus.schemas.UserError;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Reject;
import io.apus.schemas.data.Sample;
import io.apus.schemas.data.TokenRow;
import io.apus.schemas.spec.TokenizeSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns samples into token rows: chat template, tokenizer, loss weights, maximum length. The ids are those of the whole text tokenised at
 * once, as transformers would; the loss weights are laid over them. Safe for use by several threads.
 *
 * <p>Reasons to refuse a sample: {@code over_long}, {@code no_supervised_tokens}, {@code template} (the chat template refuses the
 * conversation), {@code unsupported_media}; where {@code template_mode} makes a group of it, those of {@link GroupMembers} too, and one
 * conversation of the group that cannot be used refuses the whole.
 */
public final class SampleEncoder {
    private static final String STAGE = "tokenize";

    private final Tokenizer tokenizer;
    private final ChatTemplate template;
    private final SpecialTokens specialTokens;
    private final TokenizeSpec spec;
    private final LossScale lossScale;
    private final Truncation truncation;
    private final Map<String, Object> kwargs;
    private final String system;

    /**
     * Encodes with parts read before.
     *
     * @param template null for a model without one: conversations are then a {@link UserError}, plain text is not
     * @param maxLength most tokens of a row, at least 2
     */
    public SampleEncoder(
            Tokenizer tokenizer, ChatTemplate template, SpecialTokens specialTokens, TokenizeSpec spec, int maxLength) {
        this.tokenizer = tokenizer;
        this.template = template;
        this.specialTokens = specialTokens;
        this.spec = spec;
        this.lossScale = LossScale.of(spec, template != null && template.isHybridThinking());
        this.truncation = new Truncation(spec.truncationStrategy(), maxLength);
        this.kwargs = Templates.kwargs(spec);
        this.system = Templates.system(spec);
    }

    /** An encoder for a Hugging Face model folder; without {@code max_length} the model's context length bounds the rows. */
    public static SampleEncoder of(Path modelFolder, TokenizeSpec spec) {
        int maxLength = ModelLimits.maxLength(modelFolder, spec);
        Tokenizer tokenizer = Tokenizers.load(modelFolder);
        ChatTemplate template = Templates.find(modelFolder, spec, tokenizer).orElse(null);
        return new SampleEncoder(tokenizer, template, SpecialTokens.read(modelFolder), spec, maxLength);
    }

    /** Encodes samples; each ends in rows or in a reject. */
    public EncodedSamples encode(List<Sample> samples) {
        List<TokenRow> rows = new ArrayList<>();
        List<Reject> rejects = new ArrayList<>();
        for (Sample sample : samples) {
            try {
                rows.addAll(rows(sample));
            } catch (RefusedSample refused) {
                rejects.add(new Reject(
                        STAGE, sample.key(), refused.reason(), refused.getMessage(), SampleJson.write(sample)));
            }
        }
        return new EncodedSamples(rows, rejects);
    }

    private List<TokenRow> rows(Sample sample) throws RefusedSample {
        if (!sample.media().isEmpty()) {
            throw new RefusedSample(
                    "unsupported_media",
                    "the sample has " + String.join(", ", sample.media().keySet()) + ", the model reads text only");
        }
        if (spec.templateMode().equals("train")) {
            return conversation(sample, sample.messages());
        }
        List<TokenRow> group = new ArrayList<>();
        for (GroupMembers.Member member : GroupMembers.of(sample, spec.templateMode())) {
            TokenRow row = conversation(sample, member.messages()).get(0);
            group.add(new TokenRow(
                    row.key(), row.split(), 0, group.size(), member.kind(), row.inputIds(), row.lossWeights()));
        }
        return group;
    }

    private List<TokenRow> conversation(Sample sample, List<Message> own) throws RefusedSample {
        boolean isPlain = !spec.useChatTemplate() || Sample.isPlainText(own);
        List<Message> messages = isPlain ? own : Conversation.prepared(own, system);
        Rendered rendered = isPlain ? PlainText.render(messages, specialTokens.eos()) : render(messages, sample);
        Encoded encoded = tokenizer.encode(rendered.text());
        float[] weights = lossScale.weights(encoded, lossScale.spans(rendered, messages));
        int[] prefix = isPlain || template.addsPrefixTokens() ? tokenizer.prefixIds() : new int[0];
        int[] ids = Arrays.copyOf(prefix, prefix.length + encoded.length());
        System.arraycopy(encoded.ids(), 0, ids, prefix.length, encoded.length());
        float[] shifted = new float[ids.length];
        System.arraycopy(weights, 0, shifted, prefix.length, weights.length);
        return supervised(truncation.rows(sample, ids, shifted), ids.length);
    }

    private Rendered render(List<Message> messages, Sample sample) throws RefusedSample {
        if (template == null) {
            throw new UserError(
                    "Cannot tokenize conversations",
                    "the model has no chat template",
                    "Name one with template, add a chat_template.jinja to its folder, or set use_chat_template false.");
        }
        try {
            Map<String, Object> variables = new HashMap<>(kwargs);
            variables.putAll(KwargsJson.of(sample.extra().get("chat_template_kwargs")));
            return template.renderWithMask(messages, sample.tools(), variables).endedWith(template.missingEnd());
        } catch (UserError e) {
            throw new RefusedSample("template", e.getMessage());
        }
    }

    private List<TokenRow> supervised(List<TokenRow> rows, int length) throws RefusedSample {
        if (rows.isEmpty()) {
            throw new RefusedSample("over_long", length + " tokens, max_length is " + truncation.maxLength());
        }
        if (!GroupMembers.isSupervised(spec.templateMode())) {
            return rows;
        }
        List<TokenRow> kept = rows.stream().filter(SampleEncoder::isSupervised).toList();
        if (kept.isEmpty()) {
            throw new RefusedSample(
                    "no_supervised_tokens",
                    "none of the " + rows.get(0).length() + " tokens that are left is trained on");
        }
        return kept;
    }

    private static boolean isSupervised(TokenRow row) {
        for (float weight : row.lossWeights()) {
            if (weight != 0) {
                return true;
            }
        }
        return false;
    }
}
