"""The walk over an organization, endpoint family by endpoint family: asks GitHub, fills a stage."""
