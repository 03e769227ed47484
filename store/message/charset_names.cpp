// Names of charsets (the IANA registry, and what senders write instead), and POCO's tables for them.
#include "store/message/charset_names.h"
#include "store/message/header.h"

#include <Poco/ISO8859_10Encoding.h>
#include <Poco/ISO8859_11Encoding.h>
#include <Poco/ISO8859_13Encoding.h>
#include <Poco/ISO8859_14Encoding.h>
#include <Poco/ISO8859_16Encoding.h>
#include <Poco/ISO8859_3Encoding.h>
#include <Poco/ISO8859_4Encoding.h>
#include <Poco/ISO8859_5Encoding.h>
#include <Poco/ISO8859_6Encoding.h>
#include <Poco/ISO8859_7Encoding.h>
#include <Poco/ISO8859_8Encoding.h>
#include <Poco/ISO8859_9Encoding.h>
#include <Poco/Latin2Encoding.h>
#include <Poco/Latin9Encoding.h>
#include <Poco/MacCentralEurRomanEncoding.h>
#include <Poco/MacCyrillicEncoding.h>
#include <Poco/MacRomanEncoding.h>
#include <Poco/Windows1250Encoding.h>
#include <Poco/Windows1251Encoding.h>
#include <Poco/Windows1252Encoding.h>
#include <Poco/Windows1253Encoding.h>
#include <Poco/Windows1254Encoding.h>
#include <Poco/Windows1255Encoding.h>
#include <Poco/Windows1256Encoding.h>
#include <Poco/Windows1257Encoding.h>
#include <Poco/Windows1258Encoding.h>
#include <Poco/Windows874Encoding.h>
#include <Poco/Windows932Encoding.h>
#include <Poco/Windows936Encoding.h>
#include <Poco/Windows949Encoding.h>
#include <Poco/Windows950Encoding.h>
#include <algorithm>

namespace pillarbox::message {
namespace {

using Kind = KnownCharset::Kind;

template <class E>
const Poco::TextEncoding& poco() {
    static const E encoding;
    return encoding;
}

// ISO-8859-1 is read as windows-1252, ISO-8859-9 as windows-1254 and ISO-8859-11 as windows-874: the octets 0x80 to
// 0x9F, control characters in the one, are meant as letters of the other whenever they occur.
constexpr KnownCharset charsets[] = {
    {"us-ascii", Kind::lenient, nullptr},
    {"utf-8", Kind::utf8, nullptr},
    {"iso-8859-1", Kind::single, poco<Poco::Windows1252Encoding>},
    {"windows-1252", Kind::single, poco<Poco::Windows1252Encoding>},
    {"iso-8859-2", Kind::single, poco<Poco::Latin2Encoding>},
    {"iso-8859-3", Kind::single, poco<Poco::ISO8859_3Encoding>},
    {"iso-8859-4", Kind::single, poco<Poco::ISO8859_4Encoding>},
    {"iso-8859-5", Kind::single, poco<Poco::ISO8859_5Encoding>},
    {"iso-8859-6", Kind::single, poco<Poco::ISO8859_6Encoding>},
    {"iso-8859-7", Kind::single, poco<Poco::ISO8859_7Encoding>},
    {"iso-8859-8", Kind::single, poco<Poco::ISO8859_8Encoding>},
    {"iso-8859-9", Kind::single, poco<Poco::Windows1254Encoding>},
    {"iso-8859-10", Kind::single, poco<Poco::ISO8859_10Encoding>},
    {"iso-8859-11", Kind::single, poco<Poco::Windows874Encoding>},
    {"iso-8859-13", Kind::single, poco<Poco::ISO8859_13Encoding>},
    {"iso-8859-14", Kind::single, poco<Poco::ISO8859_14Encoding>},
    {"iso-8859-15", Kind::single, poco<Poco::Latin9Encoding>},
    {"iso-8859-16", Kind::single, poco<Poco::ISO8859_16Encoding>},
    {"windows-1250", Kind::single, poco<Poco::Windows1250Encoding>},
    {"windows-1251", Kind::single, poco<Poco::Windows1251Encoding>},
    {"windows-1253", Kind::single, poco<Poco::Windows1253Encoding>},
    {"windows-1254", Kind::single, poco<Poco::Windows1254Encoding>},
    {"windows-1255", Kind::single, poco<Poco::Windows1255Encoding>},
    {"windows-1256", Kind::single, poco<Poco::Windows1256Encoding>},
    {"windows-1257", Kind::single, poco<Poco::Windows1257Encoding>},
    {"windows-1258", Kind::single, poco<Poco::Windows1258Encoding>},
    {"windows-874", Kind::single, poco<Poco::Windows874Encoding>},
    {"macintosh", Kind::single, poco<Poco::MacRomanEncoding>},
    {"x-mac-cyrillic", Kind::single, poco<Poco::MacCyrillicEncoding>},
    {"x-mac-ce", Kind::single, poco<Poco::MacCentralEurRomanEncoding>},
    {"koi8-r", Kind::koi8_r, nullptr},
    {"koi8-u", Kind::koi8_u, nullptr},
    {"shift_jis", Kind::double_octet, poco<Poco::Windows932Encoding>},
    {"gbk", Kind::gb18030, nullptr},
    {"euc-kr", Kind::double_octet, poco<Poco::Windows949Encoding>},
    {"big5", Kind::double_octet, poco<Poco::Windows950Encoding>},
    {"gb18030", Kind::gb18030, nullptr},
    {"euc-jp", Kind::euc_jp, nullptr},
    {"iso-2022-jp", Kind::iso_2022_jp, nullptr},
    {"utf-7", Kind::utf7, nullptr},
    {"utf-16", Kind::utf16, nullptr},
    {"utf-16le", Kind::utf16_le, nullptr},
};

struct Alias {
    std::string_view alias, name;
};

constexpr Alias aliases[] = {
    {"ascii", "us-ascii"},
    {"ansi_x3.4-1968", "us-ascii"},
    {"iso646-us", "us-ascii"},
    {"us", "us-ascii"},
    {"utf8", "utf-8"},
    {"unicode-1-1-utf-8", "utf-8"},
    {"x-unicode-2-0-utf-8", "utf-8"},
    {"utf8mb4", "utf-8"},
    {"latin1", "iso-8859-1"},
    {"l1", "iso-8859-1"},
    {"iso8859-1", "iso-8859-1"},
    {"iso_8859-1", "iso-8859-1"},
    {"iso_8859-1:1987", "iso-8859-1"},
    {"8859-1", "iso-8859-1"},
    {"iso-8859-1-windows-3.1-latin-1", "iso-8859-1"},
    {"latin2", "iso-8859-2"},
    {"iso8859-2", "iso-8859-2"},
    {"iso_8859-2", "iso-8859-2"},
    {"iso8859-3", "iso-8859-3"},
    {"latin3", "iso-8859-3"},
    {"iso8859-4", "iso-8859-4"},
    {"latin4", "iso-8859-4"},
    {"iso8859-5", "iso-8859-5"},
    {"cyrillic", "iso-8859-5"},
    {"iso8859-6", "iso-8859-6"},
    {"iso-8859-6-i", "iso-8859-6"},
    {"iso-8859-6-e", "iso-8859-6"},
    {"arabic", "iso-8859-6"},
    {"iso8859-7", "iso-8859-7"},
    {"greek", "iso-8859-7"},
    {"iso8859-8", "iso-8859-8"},
    {"iso-8859-8-i", "iso-8859-8"},
    {"iso-8859-8-e", "iso-8859-8"},
    {"hebrew", "iso-8859-8"},
    {"iso8859-9", "iso-8859-9"},
    {"latin5", "iso-8859-9"},
    {"iso8859-10", "iso-8859-10"},
    {"latin6", "iso-8859-10"},
    {"iso8859-11", "iso-8859-11"},
    {"tis-620", "iso-8859-11"},
    {"tis620", "iso-8859-11"},
    {"iso8859-13", "iso-8859-13"},
    {"iso8859-14", "iso-8859-14"},
    {"iso8859-15", "iso-8859-15"},
    {"iso_8859-15", "iso-8859-15"},
    {"latin9", "iso-8859-15"},
    {"latin-9", "iso-8859-15"},
    {"l9", "iso-8859-15"},
    {"iso8859-16", "iso-8859-16"},
    {"cp1250", "windows-1250"},
    {"x-cp1250", "windows-1250"},
    {"cp1251", "windows-1251"},
    {"x-cp1251", "windows-1251"},
    {"win-1251", "windows-1251"},
    {"cp1252", "windows-1252"},
    {"cp-1252", "windows-1252"},
    {"x-ansi", "windows-1252"},
    {"ansi", "windows-1252"},
    {"cp1253", "windows-1253"},
    {"cp1254", "windows-1254"},
    {"cp1255", "windows-1255"},
    {"cp1256", "windows-1256"},
    {"cp1257", "windows-1257"},
    {"cp1258", "windows-1258"},
    {"cp874", "windows-874"},
    {"mac", "macintosh"},
    {"macroman", "macintosh"},
    {"x-mac-roman", "macintosh"},
    {"koi8r", "koi8-r"},
    {"koi8", "koi8-r"},
    {"cskoi8r", "koi8-r"},
    {"koi8u", "koi8-u"},
    {"koi8-ru", "koi8-u"},
    {"shift-jis", "shift_jis"},
    {"sjis", "shift_jis"},
    {"x-sjis", "shift_jis"},
    {"ms_kanji", "shift_jis"},
    {"windows-31j", "shift_jis"},
    {"windows-932", "shift_jis"},
    {"cp932", "shift_jis"},
    {"eucjp", "euc-jp"},
    {"x-euc-jp", "euc-jp"},
    {"x-euc", "euc-jp"},
    {"iso-2022-jp-1", "iso-2022-jp"},
    {"iso-2022-jp-2", "iso-2022-jp"},
    {"iso-2022-jp-ms", "iso-2022-jp"},
    {"cp50220", "iso-2022-jp"},
    {"cp50221", "iso-2022-jp"},
    {"csiso2022jp", "iso-2022-jp"},
    // GB 2312 and GBK are subsets of GB 18030, and senders name them when they use more.
    {"gb2312", "gb18030"},
    {"gb_2312-80", "gb18030"},
    {"gb2312-80", "gb18030"},
    {"euc-cn", "gb18030"},
    {"x-gbk", "gb18030"},
    {"cp936", "gb18030"},
    {"windows-936", "gb18030"},
    {"gb-18030", "gb18030"},
    {"ks_c_5601-1987", "euc-kr"},
    {"ks_c_5601", "euc-kr"},
    {"ksc5601", "euc-kr"},
    {"euckr", "euc-kr"},
    {"cp949", "euc-kr"},
    {"windows-949", "euc-kr"},
    {"big5-hkscs", "big5"},
    {"x-big5", "big5"},
    {"cn-big5", "big5"},
    {"big-5", "big5"},
    {"cp950", "big5"},
    {"windows-950", "big5"},
    {"unicode-1-1-utf-7", "utf-7"},
    {"x-unicode-2-0-utf-7", "utf-7"},
    {"utf7", "utf-7"},
    {"utf-16be", "utf-16"},
    {"utf16", "utf-16"},
    {"unicode", "utf-16"},
    {"ucs-2", "utf-16"},
    {"utf16le", "utf-16le"},
};

} // namespace

const KnownCharset* find_charset(std::string_view name) {
    const auto trimmed = name.substr(0, name.find_last_not_of(" \t\"'") + 1);
    name = trimmed.substr(std::min(trimmed.size(), trimmed.find_first_not_of(" \t\"'")));
    for (const Alias& alias : aliases)
        if (equal_ignoring_case(alias.alias, name)) {
            name = alias.name;
            break;
        }
    for (const KnownCharset& charset : charsets)
        if (equal_ignoring_case(charset.name, name)) return &charset;
    return nullptr;
}

const KnownCharset& lenient_charset() { return charsets[0]; }

const Poco::TextEncoding& windows_1252() { return poco<Poco::Windows1252Encoding>(); }

const Poco::TextEncoding& windows_932() { return poco<Poco::Windows932Encoding>(); }

const Poco::TextEncoding& windows_936() { return poco<Poco::Windows936Encoding>(); }

} // namespace pillarbox::message
