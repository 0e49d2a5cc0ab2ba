"""Every kind of bad input that intake must survive, as files, by every way in, against every line of the contract."""
