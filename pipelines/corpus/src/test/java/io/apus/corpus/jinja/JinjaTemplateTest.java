package io.apus.corpus.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JinjaTemplateTest {
    @Test
    void namesTheLineOfMistakesInTheTemplate() {
        assertThatThrownBy(() -> JinjaTemplate.parse("a\nb\n{% if x %}\n{{ y }"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Cannot read the chat template: line 4");
        assertThatThrownBy(() -> JinjaTemplate.parse("a\n{{ x | tojsn }}"))
                .hasMessageContaining("line 2: unknown filter 'tojsn'; did you mean 'tojson'?");
        assertThatThrownBy(() -> JinjaTemplate.parse("\n\n{% fro x in y %}"))
                .hasMessageContaining("line 3: unknown tag 'fro'");
    }

    @Test
    void namesTheLineOfFailuresWhileRendering() {
        JinjaTemplate template =
                JinjaTemplate.parse("{% for m in messages %}\n{{ m.content.text.value }}\n{% endfor %}");
        assertThatThrownBy(() -> template.render(Map.of("messages", List.of(Map.of("content", "x")))))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("line 2: 'string' has no attribute 'text'");
    }

    @Test
    void raisedExceptionsAreTheUsersToMend() {
        JinjaTemplate template = JinjaTemplate.parse("\n{{ raise_exception('roles must alternate') }}");
        assertThatThrownBy(() -> template.render(Map.of()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("The chat template refuses these messages: roles must alternate (line 2)");
    }

    @Test
    void readsTheGivenClock() {
        ZonedDateTime noon = ZonedDateTime.of(2024, 7, 6, 12, 5, 9, 0, ZoneOffset.UTC);
        JinjaTemplate template =
                JinjaTemplate.parse("{{ strftime_now('%d %b %Y %H:%M:%S %-d %A %y %j %I %p %%') }}", () -> noon);
        assertThat(template.render(Map.of())).isEqualTo("06 Jul 2024 12:05:09 6 Saturday 24 188 12 PM %");
    }

    @Test
    void generationBlocksPrintTheirBody() {
        JinjaTemplate template = JinjaTemplate.parse("a{% generation %}\nb{{ x }}{% endgeneration %}c");
        assertThat(template.hasGeneration()).isTrue();
        assertThat(template.render(Map.of("x", 1))).isEqualTo("ab1c");
    }

    @Test
    void acceptsNullsNumbersAndNestedCollections() {
        JinjaTemplate template = JinjaTemplate.parse("{{ x }} {{ y | tojson }} {{ none_given }}");
        Map<String, Object> values = new java.util.HashMap<>();
        values.put("x", null);
        values.put("y", Map.of("a", Arrays.asList(1, 2.5f, null, true)));
        assertThat(template.render(values)).isEqualTo("None {\"a\": [1, 2.5, null, true]} ");
    }

    @Test
    void neverReachesJavaObjects() {
        assertThatThrownBy(() -> JinjaTemplate.parse("{{ x }}").render(Map.of("x", new Object())))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(JinjaTemplate.parse(
                                "{{ 'x'.getClass is defined }}{{ 'x'.class is defined }}{{ ''.__class__ is defined }}")
                        .render(Map.of()))
                .isEqualTo("FalseFalseFalse");
    }

    @Test
    void templatesCannotChangeWhatTheyAreGiven() {
        Map<String, Object> values = Map.of("messages", List.of(Map.of("role", "user")));
        assertThatThrownBy(() -> JinjaTemplate.parse("{{ messages.append(1) }}").render(values))
                .hasMessageContaining("cannot change the values");
        assertThat(JinjaTemplate.parse("{% set l = [1] %}{% set _ = l.append(2) %}{{ l }}")
                        .render(values))
                .isEqualTo("[1, 2]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}",
                "{{ 'x' * 999999999999 }}",
                "{{ [1] * 9999999999 }}",
                "{% set ns = namespace(s='xxxxxxxxxx') %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
                "{% set ns = namespace(s=['x']) %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{% for a in range(90000) %}{{ 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' * 1000 }}{% endfor %}",
                "{{ 2 ** 100000 }}",
                "{{ range(10 ** 12) | list }}",
                "{{ 'a' | center(999999999) }}",
                "{{ '%999999d' | format(1) * 100000 }}",
                "{{ ('a' * 100000).replace('', 'b' * 10000) }}",
                "{{ ('a,' * 100000).split(',') | join('b' * 100000) }}",
                "{{ ('a\n' * 100000) | indent('b' * 100000) }}",
                "{% set l = [] %}{% set _ = l.append(l) %}{{ l }}",
                "{% set l = [] %}{% set _ = l.append(l) %}{{ l | tojson }}",
                "{% set ns = namespace(l=[]) %}{% for i in range(50000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l == ns.l[0] }}"
            })
    void hostileTemplatesEndSoon(String source) {
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertThatThrownBy(
                        () -> JinjaTemplate.parse(source).render(Map.of()))
                .isInstanceOf(UserError.class));
    }

    @Test
    void hostileNestingEndsSoon() {
        assertThatThrownBy(() -> JinjaTemplate.parse("{{ " + "(".repeat(100_000) + " }}"))
                .isInstanceOf(UserError.class);
        assertThatThrownBy(() -> JinjaTemplate.parse("{% if a %}".repeat(100_000)))
                .isInstanceOf(UserError.class);
        assertThatThrownBy(() -> JinjaTemplate.parse("{{ " + "-".repeat(100_000) + "1 }}"))
                .isInstanceOf(UserError.class);
        String longSum = "{{ 1" + " + 1".repeat(200_000) + " }}";
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            try {
                assertThat(JinjaTemplate.parse(longSum).render(Map.of())).isEqualTo("200001");
            } catch (UserError tooDeep) {
                assertThat(tooDeep).hasMessageContaining("nested too deeply");
            }
        });
    }
}
