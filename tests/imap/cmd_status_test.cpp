// STATUS (RFC 9051 6.3.11, RFC 8438).
#include "tests/imap/transcript.h"

using namespace pillarbox::imap;

TEST_CASE("imap STATUS: every item, in the order asked for") { // RFC 9051 6.3.11
    TestSite site;
    std::size_t octets = 0;
    for (int number : {1, 2, 3}) {
        octets += TestAccount::small_message(number).size();
        site.append("INBOX", TestAccount::small_message(number));
    }
    site.log_in(1, false);
    const std::string size = std::to_string(octets);
    site.play("C: a STATUS inbox (SIZE DELETED UNSEEN UIDNEXT RECENT MESSAGES)\n"
              "S: * STATUS INBOX (SIZE " +
              size +
              " DELETED 0 UNSEEN 3 UIDNEXT 4 RECENT 3 MESSAGES 3)\n"
              "S: a OK *\n");
    site.play(R"(
        C: b STATUS INBOX (UIDVALIDITY)
        S: * STATUS INBOX (UIDVALIDITY *
        S: b OK *
        C: c STATUS INBOX (MESSAGES messages Messages)
        S: * STATUS INBOX (MESSAGES 3)
        S: c OK *
    )");
}

TEST_CASE("imap STATUS: refusals and bad syntax") {
    TestSite site;
    site.log_in(1, false);
    site.play(R"(
        C: a STATUS Nowhere (MESSAGES)
        S: a NO [NONEXISTENT] *
        C: b STATUS "" (MESSAGES)
        S: b NO *
        C: c STATUS &bad (MESSAGES)
        S: c NO [CANNOT] *
        C: d STATUS INBOX MESSAGES
        S: d BAD *
        C: e STATUS INBOX ()
        S: e BAD *
        C: f STATUS INBOX (FOO)
        S: f BAD Expected a status item at octet 17
        C: g STATUS INBOX (MESSAGES UNSEEN
        S: g BAD *
        C: h STATUS INBOX (MESSAGES,UNSEEN)
        S: h BAD *
        C: i STATUS INBOX
        S: i BAD *
    )");
}

TEST_CASE("imap STATUS: follows what other sessions do, and takes \\Recent from none") {
    TestAccount alice(2);
    alice.site().log_in(3, false);
    alice.imap(R"(
        C2: a STORE 1 +FLAGS.SILENT (\Seen \Deleted)
        S2: a OK *
        C3: a STATUS INBOX (MESSAGES UNSEEN DELETED RECENT)
        S3: * STATUS INBOX (MESSAGES 2 UNSEEN 1 DELETED 1 RECENT 0)
        S3: a OK *
        C2: b EXPUNGE
        S2: * 1 EXPUNGE
        S2: b OK *
        C3: b STATUS INBOX (MESSAGES UNSEEN DELETED UIDNEXT)
        S3: * STATUS INBOX (MESSAGES 1 UNSEEN 1 DELETED 0 UIDNEXT 3)
        S3: b OK *
        C3: c APPEND Trash {6+}
        C3: a: b
        C3:
        S3: c OK *
        C3: d STATUS Trash (RECENT SIZE)
        S3: * STATUS Trash (RECENT 1 SIZE 6)
        S3: d OK *
        C3: e STATUS Trash (RECENT)
        S3: * STATUS Trash (RECENT 1)
        S3: e OK *
        -- of one's own selected mailbox: the expunge is told behind the answer
        C: a STATUS INBOX (MESSAGES)
        S: * STATUS INBOX (MESSAGES 1)
        S: * 1 EXPUNGE
        S: a OK *
    )",
               2);
}
