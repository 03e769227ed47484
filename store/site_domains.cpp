// site.db: the tables `domain` and `alias` (see site.h).
#include "store/site.h"

#include "appliance/runtime/clock.h"
#include "store/db.h"

namespace pillarbox::store {

void Site::load_domains(Directory& directory) {
    auto domain = db_->prepare("SELECT name, is_site FROM domain ORDER BY is_site DESC, name");
    while (domain.step()) {
        directory.domains.emplace_back(domain.text(0));
        if (domain.integer(1) != 0) directory.site_domain = domain.text(0);
    }
    auto alias = db_->prepare("SELECT name, account FROM alias");
    while (alias.step()) directory.aliases.emplace(alias.text(0), AccountId{alias.integer(1)});
}

Result<Done> Site::add_domain(std::string_view domain) {
    db_->prepare("INSERT OR IGNORE INTO domain(name, is_site, created) VALUES(?, 0, ?)")
        .bind_text(domain)
        .bind(runtime::unix_seconds())
        .run();
    if (db_->changes() == 0) return refused(StoreError::exists);
    return Done{};
}

Result<Done> Site::add_alias(std::string_view name, AccountId account) {
    db_->prepare("INSERT OR IGNORE INTO alias(name, account) VALUES(?, ?)").bind_text(name).bind(account).run();
    if (db_->changes() == 0) return refused(StoreError::exists);
    return Done{};
}

} // namespace pillarbox::store
