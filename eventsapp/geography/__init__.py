"""French territories: régions, départements, EPCI and communes, and the map drawn from them."""
