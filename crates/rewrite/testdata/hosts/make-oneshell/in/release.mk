release: ; @echo released
