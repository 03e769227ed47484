// What happens to one accepted message for one recipient: today it goes to the INBOX.
#pragma once

#include "store/spool.h"

namespace pillarbox::delivery {

/// Decides where a recipient's copy goes and what is put before it. The seam for subaddresses and filters.
class Rules {
public:
    virtual ~Rules() = default;
    /// Whether evaluate() needs nothing but the envelope: then delivery may share the transaction of accept.
    virtual bool immediate() const { return true; }
    /// @param claim  of a local recipient
    virtual store::Delivery evaluate(store::Claimed claim) const;
};

} // namespace pillarbox::delivery
