// the embedded database's worker
