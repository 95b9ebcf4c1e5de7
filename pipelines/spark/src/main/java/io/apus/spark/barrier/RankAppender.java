package io.apus.spark.barrier;

import java.util.function.Consumer;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.layout.PatternLayout;

/** Hears what Spark's logging writes, on the thread that logs. */
final class RankAppender extends AbstractAppender {
    private static final String NAME = "apus-ranks";
    private static final String PATTERN = "%d{yyyy-MM-dd HH:mm:ss.SSS} %p %c{1}: %m%n%ex";

    private final Consumer<String> text;

    private RankAppender(Consumer<String> text) {
        super(NAME, null, PatternLayout.newBuilder().withPattern(PATTERN).build(), true, Property.EMPTY_ARRAY);
        this.text = text;
    }

    /** Adds it to the root logger. Where another logging is in use than the one Spark brings, nothing is added. */
    static void install(Consumer<String> text) {
        if (LogManager.getContext(false) instanceof LoggerContext context) {
            RankAppender appender = new RankAppender(text);
            appender.start();
            context.getConfiguration().getRootLogger().addAppender(appender, Level.INFO, null);
            context.updateLoggers();
        }
    }

    @Override
    public void append(LogEvent event) {
        text.accept(String.valueOf(toSerializable(event)));
    }
}
