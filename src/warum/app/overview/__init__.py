"""The whole network at a glance: what comes in, how each advertiser's tracking goes, what money did, what changed."""
