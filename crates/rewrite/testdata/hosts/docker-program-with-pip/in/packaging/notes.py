print("no installer is named here")
