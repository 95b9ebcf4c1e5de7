package io.apus.corpus.mapping;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.corpus.ingest.Mapped;
import io.apus.corpus.ingest.RawRow;
import io.apus.corpus.mapping.step.StepFailure;
import io.apus.schemas.data.Reject;
import io.apus.schemas.data.SampleKey;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;

/**
 * A dataset's mapping in front of what understands rows. Rows that it refuses have the reason {@code mapping_failed} or {@code
 * filtered_by_mapping}; whoever refuses a row, its raw text is the stored one.
 */
public final class MappedRows implements Function<RawRow, Mapped> {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final RowMapping mapping;
    private final Function<RawRow, Mapped> mapper;

    /** @param mapper makes samples of mapped rows */
    public MappedRows(RowMapping mapping, Function<RawRow, Mapped> mapper) {
        this.mapping = mapping;
        this.mapper = mapper;
    }

    @Override
    public Mapped apply(RawRow row) {
        if (mapping.isNone() || row.refusal() != null) {
            return mapper.apply(row);
        }
        try {
            JsonNode json = JSON.readTree(row.text());
            if (!(json instanceof ObjectNode object)) {
                return mapper.apply(row);
            }
            mapping.apply(object, row.row());
            return withRaw(mapper.apply(withText(row, object.toString())), row.text());
        } catch (JsonProcessingException e) {
            return mapper.apply(row);
        } catch (StepFailure e) {
            return new Mapped.Refused(new Reject(
                    "ingest",
                    new SampleKey(row.dataset(), row.datasetIndex(), row.row(), 0),
                    e.reason(),
                    row.source() + ": " + e.getMessage(),
                    row.text()));
        }
    }

    private static RawRow withText(RawRow row, String text) {
        return new RawRow(
                row.dataset(), row.datasetIndex(), row.row(), row.source(), text, row.refusal(), row.detail());
    }

    private static Mapped withRaw(Mapped mapped, String raw) {
        if (mapped instanceof Mapped.Refused refused) {
            Reject reject = refused.reject();
            return new Mapped.Refused(new Reject(reject.stage(), reject.key(), reject.reason(), reject.detail(), raw));
        }
        return mapped;
    }

    /**
     * Every stored row as often as the mapping makes rows of it, numbered so that the rows of one follow each other.
     *
     * @param stored rows numbered over their dataset
     */
    public Iterator<RawRow> views(Iterator<RawRow> stored) {
        int views = mapping.views();
        return views == 1 ? stored : new Views(stored, views);
    }

    private static final class Views implements Iterator<RawRow> {
        private final Iterator<RawRow> stored;
        private final int views;
        private RawRow row;
        private int view;

        Views(Iterator<RawRow> stored, int views) {
            this.stored = stored;
            this.views = views;
            this.view = views;
        }

        @Override
        public boolean hasNext() {
            return view < views || stored.hasNext();
        }

        @Override
        public RawRow next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            if (view == views) {
                row = stored.next();
                view = 0;
            }
            long number = row.row() * views + view++;
            return new RawRow(
                    row.dataset(), row.datasetIndex(), number, row.source(), row.text(), row.refusal(), row.detail());
        }
    }
}
