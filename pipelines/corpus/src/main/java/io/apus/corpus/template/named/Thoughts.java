package io.apus.corpus.template.named;

import java.util.List;

/**
 * The thinking in answers: an answer without any gets the template's empty block, and earlier rounds lose theirs where the models do not
 * keep it (ms-swift's {@code add_non_thinking_prefix} and {@code preserve_thinking}).
 */
final class Thoughts {
    private final NamedTemplate template;
    private final Style style;
    private final Setting setting;
    private final boolean trainsLastRound;

    Thoughts(NamedTemplate template, Style style, Setting setting, boolean trainsLastRound) {
        this.template = template;
        this.style = style;
        this.setting = setting;
        this.trainsLastRound = trainsLastRound;
    }

    void apply(List<Round> rounds) {
        int last = rounds.size() - 1;
        boolean addsPrefix = !Boolean.FALSE.equals(setting.flag("add_non_thinking_prefix"))
                && !template.nonThinkingPrefix().isEmpty();
        boolean isAllTrained = setting.isTraining() && !trainsLastRound;
        int firstPrefixed = isAllTrained || Boolean.TRUE.equals(template.preserveThinking()) ? 0 : last;
        boolean preserves = preserves();
        for (int i = 0; i <= last; i++) {
            Round round = rounds.get(i);
            if (round.said().isEmpty()) {
                continue;
            }
            Round.Said said = round.said().get(0);
            if (addsPrefix && i >= firstPrefixed && !(template.prefixOnlyAfterUser() && round.isFromTools())) {
                said.replace(prefixed(said.content()));
            }
            if (!preserves && i < last) {
                said.replace(template.historyThinkingPrefix() + style.withoutThinking(said.content()));
            }
        }
    }

    private String prefixed(String content) {
        boolean hasOne = content.startsWith(style.thinkingStart()) || content.startsWith(template.nonThinkingPrefix());
        return hasOne ? content : template.nonThinkingPrefix() + content;
    }

    private boolean preserves() {
        Boolean asked = setting.flag("preserve_thinking");
        Boolean given = asked == null ? template.preserveThinking() : asked;
        if (given != null) {
            return given;
        }
        boolean isAboutThinking = template.isThinking() || setting.thinks();
        return !isAboutThinking || (setting.isTraining() && !trainsLastRound);
    }
}
