package io.apus.corpus.filter.privacy;

import java.util.Map;
import java.util.TreeMap;

/** The check digits of bank account and card numbers. */
final class CheckDigits {
    /** Characters of an IBAN by country (SWIFT's IBAN registry). */
    private static final Map<String, Integer> IBAN_LENGTHS = lengths(
            "NO15 BE16 DK18 FO18 FI18 GL18 NL18 MK19 SI19 AT20 BA20 EE20 KZ20 LT20 LU20 XK20 CR22 BG22 BH22 DE22 GB22 GE22 IE22 ME22"
                    + " RS22 CH21 HR21 LI21 LV21 AE23 GI23 IL23 IQ23 TL23 OM23 AD24 CZ24 ES24 MD24 PK24 RO24 SA24 SE24 SK24 TN24 VG24"
                    + " PT25 ST25 IS26 TR26 FR27 GR27 IT27 MC27 MR27 SM27 AL28 AZ28 BY28 CY28 DO28 GT28 HU28 LB28 PL28 SV28 BR29 EG29"
                    + " PS29 QA29 UA29 JO30 KW30 MU30 MT31 SC31");

    private CheckDigits() {}

    private static Map<String, Integer> lengths(String table) {
        Map<String, Integer> lengths = new TreeMap<>();
        for (String entry : table.split(" ", -1)) {
            lengths.put(entry.substring(0, 2), Integer.valueOf(entry.substring(2)));
        }
        return lengths;
    }

    /** How many characters at the beginning of {@code text}, spaces included, are an IBAN (ISO 13616, modulo 97); else 0. */
    static int ibanLength(String text) {
        int wanted = IBAN_LENGTHS.getOrDefault(text.substring(0, 2), 0);
        StringBuilder iban = new StringBuilder();
        int end = 0;
        while (end < text.length() && iban.length() < wanted) {
            if (text.charAt(end) != ' ') {
                iban.append(text.charAt(end));
            }
            end++;
        }
        return iban.length() == wanted && wanted > 0 && remainder(iban) == 1 ? end : 0;
    }

    /** The first four characters go last, letters count from 10. */
    private static int remainder(CharSequence iban) {
        int remainder = 0;
        for (int i = 0; i < iban.length(); i++) {
            int value = Character.digit(iban.charAt((i + 4) % iban.length()), 36);
            remainder = (remainder * (value < 10 ? 10 : 100) + value) % 97;
        }
        return remainder;
    }

    /** Whether the digits of {@code text} pass Luhn's check (ISO/IEC 7812) and are 13 to 19, not all the same. */
    static boolean isCard(String text) {
        String digits = text.replaceAll("[ -]", "");
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int doubled = i % 2 == 0 ? digit : 2 * digit;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        boolean varied = digits.chars().distinct().count() > 1;
        return sum % 10 == 0 && varied && digits.length() >= 13 && digits.length() <= 19;
    }
}
