package io.apus.corpus.jinja;

import static io.apus.schemas.Registry.entry;

import io.apus.schemas.Registry;

/** The filters by name, as in Jinja2's list of built-in filters; {@code tojson} is transformers' own. */
final class Filters {
    private static final Registry<FilterFunction> ALL = Registry.of(
            "filter",
            entry("abs", NumberFilters::abs),
            entry(
                    "attr",
                    (context, value, arguments) ->
                            Lookup.attribute(value, arguments.text(0, "name").toString())),
            entry("batch", SequenceFilters::batch),
            entry("capitalize", TextFilters::capitalize),
            entry("center", TextFilters::center),
            entry("count", SequenceFilters::length),
            entry("d", SequenceFilters::orDefault),
            entry("default", SequenceFilters::orDefault),
            entry("dictsort", MapFilters::dictsort),
            entry("e", TextFilters::escape),
            entry("escape", TextFilters::escape),
            entry("first", SequenceFilters::first),
            entry("float", NumberFilters::real),
            entry("forceescape", TextFilters::escape),
            entry("format", TextFilters::format),
            entry("groupby", MapFilters::groupby),
            entry("indent", TextFilters::indent),
            entry("int", NumberFilters::whole),
            entry("items", MapFilters::items),
            entry("join", SequenceFilters::join),
            entry("last", SequenceFilters::last),
            entry("length", SequenceFilters::length),
            entry("list", SequenceFilters::list),
            entry("lower", TextFilters::lower),
            entry("map", Selections::map),
            entry("max", Orderings::max),
            entry("min", Orderings::min),
            entry("reject", Selections::reject),
            entry("rejectattr", Selections::rejectAttribute),
            entry("replace", TextFilters::replace),
            entry("reverse", SequenceFilters::reverse),
            entry("round", NumberFilters::round),
            entry("safe", TextFilters::string),
            entry("select", Selections::select),
            entry("selectattr", Selections::selectAttribute),
            entry("slice", SequenceFilters::slice),
            entry("sort", Orderings::sort),
            entry("string", TextFilters::string),
            entry("sum", NumberFilters::sum),
            entry("title", TextFilters::title),
            entry("tojson", (context, value, arguments) -> JsonText.of(value, arguments)),
            entry("trim", TextFilters::trim),
            entry("truncate", TextFilters::truncate),
            entry("unique", Orderings::unique),
            entry("upper", TextFilters::upper),
            entry("urlencode", TextFilters::urlencode),
            entry("wordcount", TextFilters::wordcount));

    private Filters() {}

    static boolean isKnown(String name) {
        return ALL.names().contains(name);
    }

    static void requireKnown(String name, int line) {
        if (!isKnown(name)) {
            throw TemplateFailure.at(line, unknown(name));
        }
    }

    static Object apply(String name, Context context, Object value, Arguments arguments) {
        if (!isKnown(name)) {
            throw TemplateFailure.of(unknown(name));
        }
        return ALL.get(name).apply(context, value, arguments);
    }

    private static String unknown(String name) {
        return "unknown filter '" + name + "'; did you mean '" + Registry.nearest(name, ALL.names()) + "'?";
    }
}
